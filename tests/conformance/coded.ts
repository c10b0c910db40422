import { isRemoteStoreError } from "../../mod.ts";
import { assert, assertEquals, isEqual, thrownBy } from "./assert.ts";
import { bytesOf, drain } from "./bench.ts";
import { type Behaviour, behaviour, type Group } from "./points.ts";

const WRITTEN: Behaviour = { needs: ["read", "write"] };

const TEXT = "Hello, hello, hello: a text that is shorter when it is coded. "
  .repeat(20);

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const coded = new Blob([text]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(coded).arrayBuffer());
}

/** What is stored with a content coding, and read again. */
export const CODED_TESTS: readonly Group[] = [
  behaviour(
    "REP-013",
    "what is stored as gzip is read as its content with decode",
    WRITTEN,
    async ({ store }) => {
      const contentEncoding = "gzip";
      const coded = await gzip(TEXT);
      await store.write("coded.txt", coded, { contentEncoding });
      const decode = true;
      assertEquals(await store.readText("coded.txt", { decode }), TEXT, "text");
      const bytes = await drain(await store.read("coded.txt", { decode }));
      assert(isEqual(bytes, bytesOf(TEXT)), "the stream has other bytes");
      const { info, body } = await store.open("coded.txt", { decode });
      assertEquals(info.size, null, "the size of what is decoded");
      await body?.cancel();
    },
  ),

  behaviour(
    "REP-013",
    "what is stored as gzip is read as it is stored, or refused with the way out",
    WRITTEN,
    async ({ store }) => {
      const contentEncoding = "gzip";
      const coded = await gzip(TEXT);
      await store.write("coded.txt", coded, { contentEncoding });
      let found: Uint8Array<ArrayBuffer>;
      try {
        found = await store.readBytes("coded.txt");
      } catch (error) {
        assert(
          isRemoteStoreError(error) && error.code === "RemoteStoreError" &&
            error.message.includes("decode: true"),
          `the refusal is ${error}`,
        );
        return;
      }
      assert(isEqual(found, coded), "other bytes than those stored");
      const range = { offset: 3, length: 5 };
      const part = await store.readBytes("coded.txt", { range });
      assert(isEqual(part, coded.subarray(3, 8)), "a range of other bytes");
    },
  ),

  behaviour(
    "REP-014",
    "a handle on what is stored as gzip has the size of its content with decode",
    { needs: ["read", "write", "metadata"] },
    async ({ store }) => {
      const contentEncoding = "gzip";
      await store.write("coded.txt", await gzip(TEXT), { contentEncoding });
      const blob = await store.openBlob("coded.txt", { decode: true });
      assertEquals(blob.size, bytesOf(TEXT).byteLength, "size");
      assertEquals(await blob.slice(7, 12).text(), "hello", "a slice");
    },
  ),

  behaviour(
    "REP-015",
    "decode excludes a range, and changes nothing where no coding is stored",
    WRITTEN,
    async ({ store }) => {
      await store.write("plain.txt", TEXT);
      const decode = true;
      assertEquals(await store.readText("plain.txt", { decode }), TEXT, "text");
      const range = { offset: 1 };
      const error = await thrownBy(
        () => store.readBytes("plain.txt", { decode, range }),
        "decode with a range",
      );
      assert(
        error instanceof TypeError,
        `decode with a range is answered by ${error}`,
      );
    },
  ),
];
