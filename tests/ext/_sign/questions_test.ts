import { assert, assertEquals, assertMatch } from "@std/assert";
import { request, RULES } from "../sign_asking.ts";
import { scene } from "../sign_fixture.ts";
import { FIELD_ROWS, MALFORMED } from "../sign_rows_fields.ts";
import { PATH_ROWS } from "../sign_rows_paths.ts";
import { UPLOADS } from "../sign_rows_uploads.ts";
import { ANSWERS, VISITS } from "../sign_rows_visits.ts";

const ROWS = [...PATH_ROWS, ...FIELD_ROWS];
const ALL_VISITS = [...UPLOADS, ...VISITS];

Deno.test("SIGN-001 what this library does not ask is refused, each with its reason", async (t) => {
  for (const [kind, asked, why] of ROWS) {
    const text = JSON.stringify(asked).slice(0, 120);
    await t.step(`${kind} ${text}`, async () => {
      const { sign, fake } = scene({ handler: { authorize: RULES } });
      const response = await sign(request({ v: 1, requests: [asked] }));
      const answer = await response.json();
      const error = answer.error ?? answer.results[0].error;
      assert(error !== undefined, "it was signed");
      assertMatch(error.message, why);
      assert(!JSON.stringify(answer).includes("X-Amz-"));
      assertEquals(fake.log, []);
    });
  }
});

Deno.test("SIGN-002 a request that is malformed is refused as a whole", async () => {
  const { sign } = scene();
  for (const [kind, body, why] of MALFORMED) {
    const response = await sign(request(body));
    assertEquals(response.status, 400, `${kind} ${JSON.stringify(body)}`);
    assertMatch((await response.json()).error.message, why);
  }
  for (const body of ["{", "", "\u0000", "[".repeat(100_000)]) {
    const response = await sign(request(body));
    assertEquals(response.status, 400);
    await response.body?.cancel();
  }
});

Deno.test("SIGN-031 what comes in another way, at another time or from another visitor is refused", async (t) => {
  for (const { kind, name, handler = {}, visit, status, why } of ALL_VISITS) {
    await t.step(`${kind} ${name}`, async () => {
      const response = await visit(scene({ handler }));
      const text = await response.text();
      assertEquals(response.status, status, text);
      assertMatch(text, why);
      assert(!text.includes("X-Amz-"), "it was signed");
    });
  }
});

Deno.test("SIGN-031 no answer may be kept by a cache or a service worker", async (t) => {
  for (const [name, asked] of ANSWERS) {
    await t.step(`65 ${name}`, async () => {
      const request = asked();
      const response = await scene().sign(request);
      const text = await response.text();
      assertEquals(response.headers.get("cache-control"), "no-store");
      assertEquals(response.headers.get("vary"), "origin");
      // The cache of a service worker takes nothing but GET.
      const isSigned = text.includes("X-Amz-");
      assert(!isSigned || request.method === "POST");
    });
  }
});

Deno.test("SIGN-031 each of the 67 classes has a row", () => {
  const kinds = new Set([
    ...ROWS.map(([kind]) => kind),
    ...MALFORMED.map(([kind]) => kind),
    ...ALL_VISITS.map(({ kind }) => kind),
    ...ANSWERS.map(() => 65),
  ]);
  const all = Array.from({ length: 67 }, (_, at) => at + 1);
  assertEquals(all.filter((kind) => !kinds.has(kind)), []);
  assertEquals(kinds.size, 67);
});
