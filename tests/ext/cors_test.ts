import { assert, assertEquals, assertRejects } from "@std/assert";
import { type CorsOptions, diagnoseCors } from "../../ext/cors.ts";
import { InvalidArgumentError } from "../../mod.ts";
import { EXPOSED, ORIGIN, serviceOf, SIGNER } from "./cors_fixture.ts";

const URL_OF_BUCKET = "https://s3.test/bucket";

const namesOf = ({ problems }: { problems: readonly { name: string }[] }) =>
  problems.map(({ name }) => name);

Deno.test("CORS-001: diagnoseCors() finds nothing where nothing is missing, and leaves nothing", async () => {
  const { fetch, asked } = serviceOf({ rules: [{ exposed: EXPOSED }] });
  const { problems, notes, origin } = await diagnoseCors(SIGNER, {
    origin: `${ORIGIN}/a/page?x`,
    fetch,
  });
  assertEquals([problems, notes, origin], [[], [], ORIGIN]);
  const requests = asked.filter((one) => !one.startsWith("OPTIONS"));
  assertEquals(
    requests.map((one) => one.split(" ")[0]),
    ["GET", "PUT", "GET", "DELETE"],
  );
});

Deno.test("CORS-001: diagnoseCors() names what is not exposed, and what is not remembered", async () => {
  const { fetch } = serviceOf({
    rules: [{ exposed: EXPOSED.slice(1), maxAge: 0 }],
  });
  const diagnosis = await diagnoseCors(SIGNER, { origin: ORIGIN, fetch });
  assertEquals(namesOf(diagnosis), ["etag", "max-age"]);
  const [etag, age] = diagnosis.problems;
  assertEquals(
    etag?.message,
    "etag is not exposed: nothing can be compared, resumed or uploaded in parts",
  );
  assertEquals(
    age?.message,
    "browsers may remember a preflight for 0 seconds: most requests will cost two",
  );
});

Deno.test("CORS-002: diagnoseCors() says what it could not see", async () => {
  const dumb = serviceOf({ rules: [{ exposed: EXPOSED }], speaking: false });
  const signed = await diagnoseCors(SIGNER, {
    origin: ORIGIN,
    fetch: dumb.fetch,
  });
  assertEquals(signed.problems, []);
  assertEquals(signed.notes.length, 1);
  assert(signed.notes[0]?.includes("look like a dead network"));
  const options: CorsOptions = {
    origin: ORIGIN,
    service: "s3",
    fetch: dumb.fetch,
  };
  const { problems, notes } = await diagnoseCors(URL_OF_BUCKET, options);
  assertEquals([problems, notes.length], [[], 2]);
  assert(notes[0]?.includes("could not be seen"));
});

Deno.test("CORS-002: diagnoseCors() goes by refusals where it may not write", async () => {
  const { fetch, asked } = serviceOf({
    rules: [{ exposed: EXPOSED.slice(1) }],
    readOnly: true,
  });
  const diagnosis = await diagnoseCors(SIGNER, { origin: ORIGIN, fetch });
  assertEquals(namesOf(diagnosis), ["etag"]);
  assert(!asked.some((one) => one.startsWith("DELETE")));
});

Deno.test("CORS-005: diagnoseCors() refuses what is no origin and no operation", async () => {
  const { fetch } = serviceOf();
  for (const origin of ["app.example.com", "null", "file:///a", ""]) {
    await assertRejects(
      () => diagnoseCors(SIGNER, { origin, fetch }),
      InvalidArgumentError,
      "Cannot diagnose CORS: origin is",
    );
  }
  const operations = ["reed"] as unknown as CorsOptions["operations"];
  await assertRejects(
    () => diagnoseCors(SIGNER, { origin: ORIGIN, fetch, operations }),
    InvalidArgumentError,
    'there is no operation "reed"',
  );
  const misspelt = { origin: ORIGIN, fetch, orign: ORIGIN };
  await assertRejects(
    () => diagnoseCors(SIGNER, misspelt),
    InvalidArgumentError,
    "there is no option orign",
  );
});

Deno.test("CORS-005: diagnoseCors() lets a failure of the network pass", async () => {
  const fetch = () => Promise.reject(new TypeError("no route"));
  await assertRejects(
    () => diagnoseCors(SIGNER, { origin: ORIGIN, fetch }),
    TypeError,
    "no route",
  );
});
