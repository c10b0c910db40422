import { assertEquals } from "@std/assert";
import { type FileInfo, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { judge, rangeOf, soleTag } from "../../../ext/_transfer/conditions.ts";

const range = (text: string) => rangeOf(new Headers({ range: text }));

Deno.test("rangeOf() takes one range in each of its forms, and no other", () => {
  assertEquals(range("bytes=0-"), { offset: 0 });
  assertEquals(range("bytes=2-4"), { offset: 2, length: 3 });
  assertEquals(range("bytes=-5"), { suffix: 5 });
  assertEquals(range("Bytes=2-4"), { offset: 2, length: 3 });
  for (
    const text of [
      "bytes=4-2",
      "bytes=-",
      "bytes=0-1,3-4",
      "items=0-1",
      "bytes=a-",
    ]
  ) {
    assertEquals(range(text), null);
  }
  assertEquals(rangeOf(new Headers()), null);
});

Deno.test("soleTag() takes a single tag only", () => {
  const tag = (text: string) => soleTag(new Headers({ "if-none-match": text }));
  assertEquals(tag('"a,b"'), '"a,b"');
  assertEquals(tag('W/"a"'), 'W/"a"');
  for (const text of ["*", '"a", "b"', "a", ""]) {
    assertEquals(tag(text), undefined);
  }
});

const DATE = "Wed, 21 Oct 2015 07:28:00 GMT";
const EARLIER = "Wed, 21 Oct 2015 07:27:59 GMT";
const INFO = {
  etag: '"v1"',
  lastModified: new Date(Date.parse(DATE) + 999),
} as unknown as FileInfo;

const CASES:
  readonly (readonly [Record<string, string>, ReturnType<typeof judge>])[] = [
    [{}, "serve"],
    [{ "if-match": '"v1"' }, "serve"],
    [{ "if-match": "*" }, "serve"],
    [{ "if-match": '"v0", "v1"' }, "serve"],
    [{ "if-match": 'W/"v1"' }, 412],
    [{ "if-match": '"v0"' }, 412],
    [{ "if-unmodified-since": DATE }, "serve"],
    [{ "if-unmodified-since": EARLIER }, 412],
    [{ "if-unmodified-since": "yesterday" }, "serve"],
    // Numbers, which Date.parse takes for years.
    [{ "if-unmodified-since": "0" }, "serve"],
    [{ "if-modified-since": "99999" }, "serve"],
    [{ "if-modified-since": "Wednesday, 21-Oct-15 07:28:00 GMT" }, 304],
    [{ "if-modified-since": "Wed Oct 21 07:28:00 2015" }, 304],
    [{ "if-match": '"v1"', "if-unmodified-since": EARLIER }, "serve"],
    [{ "if-none-match": '"v1"' }, 304],
    [{ "if-none-match": 'W/"v1"' }, 304],
    [{ "if-none-match": '"v0", "v1"' }, 304],
    [{ "if-none-match": "*" }, 304],
    [{ "if-none-match": '"v0"' }, "serve"],
    [{ "if-modified-since": DATE }, 304],
    [{ "if-modified-since": EARLIER }, "serve"],
    [{ "if-none-match": '"v0"', "if-modified-since": DATE }, "serve"],
    [{ "if-range": '"v1"' }, "serve"],
    [{ "if-range": 'W/"v1"' }, "serve whole"],
    [{ "if-range": '"v0"' }, "serve whole"],
    [{ "if-range": DATE }, "serve whole"],
    [{ "if-range": EARLIER }, "serve whole"],
    [{ "if-match": '"v0"', "if-none-match": '"v1"' }, 412],
  ];

for (const [headers, verdict] of CASES) {
  Deno.test(`XFER-018 judge() says ${verdict} to ${JSON.stringify(headers)}`, () => {
    assertEquals(judge(new Headers(headers), INFO), verdict);
  });
}

Deno.test("judge() serves where neither tag nor date is known, but for a demand", () => {
  const unknown = { etag: null, lastModified: null } as unknown as FileInfo;
  const say = (headers: HeadersInit) => judge(new Headers(headers), unknown);
  assertEquals(say({ "if-none-match": '"a"' }), "serve");
  assertEquals(say({ "if-modified-since": DATE }), "serve");
  assertEquals(say({ "if-match": '"a"' }), 412);
  assertEquals(say({ "if-range": DATE }), "serve whole");
});

Deno.test("DATE-002: a condition whose date is none is no condition", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "A");
  const info = await store.getFileInfo("a");
  for (const date of ["99999", "0", "2999-01-01", "tomorrow"]) {
    const verdict = (name: string) =>
      judge(new Headers({ [name]: date }), info);
    assertEquals(verdict("if-modified-since"), "serve", date);
    assertEquals(verdict("if-unmodified-since"), "serve", date);
    assertEquals(verdict("if-range"), "serve whole", date);
  }
});
