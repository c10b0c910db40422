import { assert, assertEquals } from "@std/assert";
import {
  acceptEncoding,
  codingOf,
  type FormFacts,
  formOf,
  isHidden,
  leavesBodies,
  longer,
  notAsStored,
  notInStored,
  strongTag,
} from "../../../backends/_http/representation.ts";

const FACTS: FormFacts = {
  words: "stored",
  strongTags: true,
  decode: false,
  raw: false,
};
const form = (headers: HeadersInit, facts: Partial<FormFacts> = {}) =>
  formOf(new Headers(headers), { ...FACTS, ...facts });

Deno.test("REP-001 without a coding the answer is the stored form", () => {
  for (const raw of [true, false]) {
    for (const headers of [{}, { "content-encoding": "identity" }]) {
      assertEquals(form(headers, { raw }), {
        stored: null,
        decoded: false,
        exact: true,
        again: null,
      });
    }
  }
});

Deno.test("REP-002 a stored coding is undone by every runtime but one, and lengths are then others'", () => {
  const coded = { "content-encoding": "x-gzip", etag: '"1"' };
  const undone = { stored: "gzip", decoded: true, exact: false, again: null };
  assertEquals(form(coded), undone);
  assertEquals(form(coded, { raw: true, words: "own" }), undone);
  const kept = { stored: "gzip", decoded: false, exact: true, again: null };
  assertEquals(form(coded, { raw: true }), kept);
});

Deno.test("REP-003 a weak tag of a service whose own are strong tells a coding made on the way", () => {
  const coded = { "content-encoding": "gzip", etag: 'W/"1"' };
  const onTheWay = { stored: null, decoded: false, exact: false, again: null };
  assertEquals(form(coded), onTheWay);
  assertEquals(form(coded, { raw: true }), { ...onTheWay, again: "own" });
  const web = form(coded, { strongTags: false });
  assertEquals([web.stored, web.decoded], ["gzip", true]);
  assertEquals(strongTag('W/"1"', true), '"1"');
  assertEquals(strongTag('W/"1"', false), 'W/"1"');
});

Deno.test("REP-004 a coding that the service has undone is asked for as it is, where that can come", () => {
  const google = { "x-goog-stored-content-encoding": "gzip", etag: '"1"' };
  const undone = { stored: "gzip", decoded: true, exact: false, again: null };
  assertEquals(form(google), undone);
  assertEquals(form(google, { raw: true, decode: true }), undone);
  assertEquals(form(google, { raw: true }), { ...undone, again: "gzip" });
  const plain = { "x-goog-stored-content-encoding": "identity" };
  assertEquals(form(plain).exact, true);
});

Deno.test("REP-005 the words of a request, and what is told of codings", () => {
  assertEquals(
    (["stored", "own", "gzip"] as const).map(acceptEncoding),
    ["identity", null, "gzip"],
  );
  assertEquals(codingOf("GZIP , identity, x-br"), "gzip, x-br");
  assertEquals([codingOf(""), codingOf(null)], [null, null]);
  assert(notAsStored("gzip").message.includes("decode: true"));
  assert(notInStored().message.includes("coded on the way"));
  assert(longer(20, 10).message.includes("10 bytes has 20"));
});

Deno.test("REP-006 this runtime is asked what it does, and not guessed", () => {
  assertEquals(leavesBodies(), navigator.userAgent.startsWith("Deno/"));
});

Deno.test("REP-007 a page of another origin may not see a coding", () => {
  const answer = (type: ResponseType, headers = {}) =>
    ({ type, headers: new Headers(headers) }) as Response;
  assert(isHidden(answer("cors")));
  assert(!isHidden(answer("cors", { "content-encoding": "gzip" })));
  assert(!isHidden(answer("basic")));
});
