import { assert, assertEquals, assertMatch } from "@std/assert";
import { request, RULES } from "../sign_asking.ts";
import { scene } from "../sign_fixture.ts";
import { FIELD_ROWS, MALFORMED } from "../sign_rows_fields.ts";
import { PATH_ROWS } from "../sign_rows_paths.ts";

const ROWS = [...PATH_ROWS, ...FIELD_ROWS];

Deno.test("SIGN-001 what this library does not ask is refused, each with its reason", async (t) => {
  const kinds = new Set<number>();
  for (const [kind, asked, why] of ROWS) {
    kinds.add(kind);
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
  assert(kinds.size > 40, `${kinds.size}`);
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
