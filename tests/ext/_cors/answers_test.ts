import { assertEquals } from "@std/assert";
import { admits, Preflights, shows } from "../../../ext/_cors/answers.ts";
import { type FakeCorsOptions, ORIGIN, serviceOf } from "../cors_fixture.ts";

function preflights(options: FakeCorsOptions) {
  const { fetch, asked } = serviceOf(options);
  const url = "https://s3.test/bucket/a";
  return { asked, preflights: new Preflights(fetch, url, undefined) };
}

Deno.test("CORS-002: allows() is what a browser would conclude, and asks once", async () => {
  const { asked, preflights: service } = preflights({
    rules: [{ methods: ["GET", "PUT"], fields: ["a", "b"] }],
  });
  assertEquals(await service.allows(ORIGIN, "PUT", ["b", "a"]), true);
  assertEquals(await service.allows(ORIGIN, "PUT", ["b", "a"]), true);
  assertEquals(asked, ["OPTIONS /bucket/a"]);
  assertEquals(await service.allows(ORIGIN, "PUT", ["c"]), false);
  assertEquals(await service.allows(ORIGIN, "DELETE", []), false);
  assertEquals(await service.allows("https://other.example", "GET", []), false);
  assertEquals(service.maxAge, 600);
});

Deno.test("CORS-002: a star stands for every field but Authorization", async () => {
  const { preflights: service } = preflights({ rules: [{}], star: true });
  assertEquals(await service.allows(ORIGIN, "PUT", ["x-amz-date"]), true);
  assertEquals(await service.allows(ORIGIN, "PUT", ["authorization"]), false);
});

Deno.test("CORS-002: without Access-Control-Max-Age it is five seconds", async () => {
  const { preflights: service } = preflights({ rules: [{ maxAge: null }] });
  assertEquals(service.maxAge, null);
  await service.allows(ORIGIN, "GET", []);
  assertEquals(service.maxAge, 5);
});

Deno.test("admits() and shows() read an answer's fields", () => {
  const headers = (origin: string, shown: string) =>
    new Headers({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": shown,
    });
  assertEquals(admits(headers(ORIGIN, ""), ORIGIN), true);
  assertEquals(admits(headers("*", ""), ORIGIN), true);
  assertEquals(admits(headers(`${ORIGIN}/`, ""), ORIGIN), false);
  assertEquals(admits(new Headers(), ORIGIN), false);
  assertEquals(shows(headers("*", "ETag, X-Y"), "etag"), true);
  assertEquals(shows(headers("*", "*"), "etag"), true);
  // No browser knows a prefix.
  assertEquals(shows(headers("*", "x-amz-*"), "x-amz-meta-a"), false);
});
