import { assert, assertEquals } from "@std/assert";
import { codingOf } from "../../../core/decoding.ts";
import {
  acceptEncoding,
  type FormFacts,
  formOf,
  isHidden,
  leavesBodies,
  longer,
  notAsStored,
  notInStored,
  storedForm,
  strongTag,
  unsure,
} from "../../../backends/_http/representation.ts";

const FACTS: FormFacts = {
  words: "stored",
  strongTags: true,
  decode: false,
  raw: false,
  hidden: false,
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
        unsure: false,
        again: null,
      });
    }
  }
});

Deno.test("REP-002 a stored coding is undone by every runtime but one, and lengths are then others'", () => {
  const coded = { "content-encoding": "x-gzip", etag: '"1"' };
  const undone = {
    stored: "gzip",
    decoded: true,
    exact: false,
    unsure: false,
    again: null,
  };
  assertEquals(form(coded), undone);
  assertEquals(form(coded, { raw: true, words: "own" }), undone);
  const kept = { ...undone, decoded: false, exact: true };
  assertEquals(form(coded, { raw: true }), kept);
});

Deno.test("REP-003 a weak tag of a service whose own are strong tells a coding made on the way", () => {
  const coded = { "content-encoding": "gzip", etag: 'W/"1"' };
  const onTheWay = {
    stored: null,
    decoded: false,
    exact: false,
    unsure: false,
    again: null,
  };
  assertEquals(form(coded), onTheWay);
  assertEquals(form(coded, { raw: true }), { ...onTheWay, again: "own" });
  const web = form(coded, { strongTags: false });
  assertEquals([web.stored, web.decoded], ["gzip", true]);
  assertEquals(strongTag('W/"1"', true), '"1"');
  assertEquals(strongTag('W/"1"', false), 'W/"1"');
});

Deno.test("REP-004 a coding that the service has undone is asked for as it is, where that can come", () => {
  const google = { "x-goog-stored-content-encoding": "gzip", etag: '"1"' };
  const undone = {
    stored: "gzip",
    decoded: true,
    exact: false,
    unsure: false,
    again: null,
  };
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
  assertEquals(codingOf("aws-chunked,gzip"), "gzip");
  assertEquals(codingOf("aws-chunked"), null);
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

Deno.test("REP-017 storedForm() tells tag, coding and size of what is stored", () => {
  const told = (headers: Record<string, string>) =>
    storedForm(new Headers({ "content-length": "9", ...headers }));
  assertEquals(told({ etag: '"1"' }), { etag: '"1"', coding: null, size: 9 });
  const gzip = { "content-encoding": "gzip" };
  assertEquals(told({ etag: '"1"', ...gzip }), {
    etag: '"1"',
    coding: "gzip",
    size: 9,
  });
  assertEquals(told({ etag: 'W/"1"', ...gzip }), {
    etag: '"1"',
    coding: null,
    size: null,
  });
  const google = {
    etag: '"1"',
    "x-goog-stored-content-encoding": "gzip",
    "x-goog-stored-content-length": "5",
  };
  assertEquals(told(google), { etag: '"1"', coding: "gzip", size: 5 });
});

Deno.test("REP-018 what the runtime may or may not undo is no form that can be read", () => {
  const zstd = { "content-encoding": "zstd", etag: '"1"' };
  assertEquals(form(zstd).unsure, true);
  assertEquals(form(zstd, { raw: true }).unsure, false);
  assert(unsure("zstd").message.includes("zstd"));
  const own = form({ "content-encoding": "own", etag: '"1"' });
  assertEquals([own.decoded, own.exact, own.unsure], [false, true, false]);
  const deflate = { "content-encoding": "deflate", etag: '"1"' };
  assertEquals(form(deflate, { raw: true, words: "own" }).decoded, false);
});
