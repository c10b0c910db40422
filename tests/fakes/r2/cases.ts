/**
 * What the fake bucket and the real binding have in common, as far as the backend needs
 * it. Run on both: what is said here of R2 is then no claim of the fake's.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type {
  R2BucketBinding,
  R2ObjectContent,
  R2ObjectFacts,
} from "../../../backends/r2/mod.ts";

/** A statement about a binding; it may use keys that begin with `root`. */
export interface Case {
  readonly name: string;
  readonly run: (bucket: R2BucketBinding, root: string) => Promise<void>;
}

const MIB = 1024 * 1024;
const HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function textOf(
  object: R2ObjectFacts | R2ObjectContent | null,
): Promise<string | null> {
  return object !== null && "body" in object
    ? await new Response(object.body as BodyInit).text()
    : null;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => call, Error);
  return /\((\d+)\)$/.exec(error.message)?.[1] ?? error.name;
}

function pipe(size: number): {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array>;
} {
  return new (globalThis as unknown as {
    FixedLengthStream: new (size: number) => ReturnType<typeof pipe>;
  }).FixedLengthStream(size);
}

/** The statements. */
export const CASES: readonly Case[] = [
  {
    name: "absent: head and get are null, delete is no error",
    async run(bucket, root) {
      assertEquals(await bucket.head(`${root}a`), null);
      assertEquals(await bucket.get(`${root}a`), null);
      const range = { offset: 9 };
      assertEquals(await bucket.get(`${root}a`, { range }), null);
      await bucket.delete(`${root}a`);
      await bucket.delete([]);
    },
  },
  {
    name: "put: facts, hashes, fields and metadata come back",
    async run(bucket, root) {
      const put = await bucket.put(`${root}a`, bytesOf("hello"), {
        httpMetadata: { contentType: "text/plain", cacheControl: "no-store" },
        customMetadata: { Case: " kept ", "x": "ü\n" },
      });
      const head = await bucket.head(`${root}a`);
      for (const facts of [put, head]) {
        assertEquals(facts?.httpEtag, `"${HELLO_MD5}"`);
        assertEquals([facts?.size, facts?.key], [5, `${root}a`]);
        assertEquals(facts?.uploaded instanceof Date, true);
        assertEquals(facts?.checksums.md5?.byteLength, 16);
        assertEquals(facts?.checksums.sha256, undefined);
        assertEquals(facts?.httpMetadata?.contentType, "text/plain");
        assertEquals(facts?.httpMetadata?.cacheControl, "no-store");
        assertEquals(facts?.customMetadata, { Case: " kept ", x: "ü\n" });
      }
      assert(put?.version && put.version === head?.version);
    },
  },
  {
    name: "conditions: bare tags, null where they do not hold, and a star",
    async run(bucket, root) {
      const key = `${root}a`;
      const put = (onlyIf: object) => bucket.put(key, bytesOf("x"), { onlyIf });
      assertEquals(await put({ etagMatches: "*" }), null);
      assertEquals(await put({ etagMatches: HELLO_MD5 }), null);
      assert(await put({ etagDoesNotMatch: "*" }));
      assertEquals(await put({ etagDoesNotMatch: "*" }), null);
      assertEquals(await put({ etagMatches: HELLO_MD5 }), null);
      assert(await put({ etagMatches: "*" }), "a bare star is any");
      await assertRejects(() => put({ etagMatches: '"x"' }), TypeError);
      const failed = await bucket.get(key, { onlyIf: { etagMatches: "y" } });
      assert(failed !== null && !("body" in failed));
    },
  },
  {
    name:
      "ranges: cut at the end, refused behind it, with and without a number",
    async run(bucket, root) {
      const key = `${root}a`;
      await bucket.put(key, bytesOf("hello"));
      const read = async (
        range: { offset: number; length?: number } | { suffix: number },
      ) => await textOf(await bucket.get(key, { range }));
      assertEquals(await read({ offset: 3 }), "lo");
      assertEquals(await read({ offset: 3, length: 9 }), "lo");
      assertEquals(await read({ suffix: 2 }), "lo");
      assertEquals(await read({ suffix: 9 }), "hello");
      assertEquals(await codeOf(read({ offset: 5 })), "10039");
      assertEquals(await codeOf(read({ offset: 5, length: 1 })), "0");
      const onlyIf = { etagMatches: "y" };
      const failed = await bucket.get(key, { range: { offset: 9 }, onlyIf });
      assert(failed !== null && !("body" in failed));
    },
  },
  {
    name: "ranges of an empty object: errors, one of them without a number",
    async run(bucket, root) {
      const key = `${root}empty`;
      await bucket.put(key, new Uint8Array(0));
      const read = (
        range: { offset: number; length?: number } | { suffix: number },
      ) => bucket.get(key, { range });
      assertEquals(await codeOf(read({ offset: 0, length: 1 })), "0");
      assertEquals(await codeOf(read({ offset: 0 })), "10039");
      assertEquals(await codeOf(read({ suffix: 1 })), "10039");
      assertEquals(await textOf(await bucket.get(key)), "");
    },
  },
  {
    name: "streams: of a known length only, which a body has",
    async run(bucket, root) {
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => controller.close(),
      });
      await assertRejects(() => bucket.put(`${root}s`, stream), TypeError);
      await bucket.put(`${root}a`, bytesOf("hello"));
      const source = await bucket.get(`${root}a`) as R2ObjectContent;
      const copy = await bucket.put(`${root}b`, source.body);
      assertEquals(copy?.httpEtag, `"${HELLO_MD5}"`);
    },
  },
  {
    name: "streams: what ends early or fails stores nothing",
    async run(bucket, root) {
      for (const end of ["close", "abort"] as const) {
        const { readable, writable } = pipe(3);
        const putting = bucket.put(`${root}s`, readable);
        putting.catch(() => {});
        const writer = writable.getWriter();
        writer.closed.catch(() => {});
        writer.write(new Uint8Array(2)).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 20));
        writer[end](new Error("mine") as never).catch(() => {});
        await assertRejects(() => putting);
        assertEquals(await bucket.head(`${root}s`), null);
      }
    },
  },
  {
    name: "hashes: compared, and kept",
    async run(bucket, root) {
      const key = `${root}a`;
      const zeros = "00".repeat(32);
      const wrong = bucket.put(key, bytesOf("x"), { sha256: zeros });
      assertEquals(await codeOf(wrong), "10037");
      assertEquals(await bucket.head(key), null);
      const sha256 =
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
      await bucket.put(key, bytesOf("x"), { sha256 });
      const { checksums } = (await bucket.head(key))!;
      assertEquals(checksums.sha256?.byteLength, 32);
      assertEquals(checksums.md5?.byteLength, 16);
    },
  },
  {
    name: "keys: 1,024 bytes",
    async run(bucket, root) {
      const key = root.padEnd(1024, "k");
      await bucket.put(key, bytesOf("x"));
      const long = `${key}k`;
      assertEquals(await codeOf(bucket.put(long, bytesOf("x"))), "10020");
      assertEquals(await codeOf(bucket.head(long)), "10020");
      assertEquals(await codeOf(bucket.delete([`${root}a`, long])), "10020");
      await bucket.delete(key);
    },
  },
  {
    name: "lists: short pages with metadata, folders, a cursor",
    async run(bucket, root) {
      const keys = Array.from(
        { length: 150 },
        (_, i) => `${root}f/${1000 + i}`,
      );
      await Promise.all(
        keys.map((key) =>
          bucket.put(key, new Uint8Array(0), { customMetadata: { of: key } })
        ),
      );
      await bucket.put(`${root}z`, new Uint8Array(0));
      const include = ["customMetadata" as const, "httpMetadata" as const];
      const options = { prefix: `${root}f/`, include, limit: 1000 };
      const first = await bucket.list(options);
      assert(first.truncated && first.objects.length < 150);
      const found = [...first.objects];
      for (let page = first; page.truncated;) {
        page = await bucket.list({ ...options, cursor: page.cursor! });
        found.push(...page.objects);
      }
      assertEquals(found.map(({ key }) => key), keys);
      assertEquals(found[149]?.customMetadata, { of: keys[149]! });
      const bare = await bucket.list({ prefix: `${root}f/` });
      assertEquals([bare.truncated, bare.objects.length], [false, 150]);
      assertEquals(bare.objects[0]?.customMetadata, {});
      const shallow = await bucket.list({ prefix: root, delimiter: "/" });
      assertEquals(shallow.delimitedPrefixes, [`${root}f/`]);
      assertEquals(shallow.objects.map(({ key }) => key), [`${root}z`]);
      await assertRejects(() => bucket.list({ limit: 1001 }));
      await bucket.delete(keys);
      assertEquals((await bucket.list({ prefix: `${root}f/` })).objects, []);
    },
  },
  {
    name: "parts: equal ones, the end replaces, and is the end",
    async run(bucket, root) {
      const key = `${root}a`;
      await bucket.put(key, bytesOf("before"));
      const upload = await bucket.createMultipartUpload(key, {
        customMetadata: { a: "b" },
      });
      const parts = [
        await upload.uploadPart(1, new Uint8Array(5 * MIB)),
        await upload.uploadPart(2, bytesOf("end")),
      ];
      const facts = await upload.complete(parts);
      assertEquals(facts.size, 5 * MIB + 3);
      assert(/-2"$/.test(facts.httpEtag), facts.httpEtag);
      assertEquals(facts.checksums.md5, undefined);
      assertEquals(facts.customMetadata, { a: "b" });
      assertEquals(await codeOf(upload.complete(parts)), "10024");
      await upload.abort();
      const late = upload.uploadPart(1, bytesOf("late"));
      assertEquals(await codeOf(late), "10024");
    },
  },
  {
    name: "parts: small or unequal ones are found at the end",
    async run(bucket, root) {
      for (
        const [sizes, code] of [
          [[3, 3], "10011"],
          [[5 * MIB, 6 * MIB, 5 * MIB], "10048"],
          [[5 * MIB, 5 * MIB + 1], "10048"],
        ] as const
      ) {
        const upload = await bucket.createMultipartUpload(`${root}a`);
        const parts = [];
        for (const [index, size] of sizes.entries()) {
          parts.push(await upload.uploadPart(index + 1, new Uint8Array(size)));
        }
        assertEquals(await codeOf(upload.complete(parts)), code);
        await upload.abort();
        await upload.abort();
      }
      assertEquals(await bucket.head(`${root}a`), null);
    },
  },
];
