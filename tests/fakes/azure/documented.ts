/**
 * What Microsoft's REST documentation promises of conditions, blocks, copies and batches:
 * for the fake, and for a real service where the answer can be had.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";

/** An answer. */
export interface Told {
  readonly status: number;
  /** The service's word; `null` for a success. */
  readonly code: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** A request to a container; an empty path is the container itself. */
export interface Asking {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A container to ask. */
export interface Place {
  ask(method: string, path: string, asking?: Asking): Promise<Told>;
  /** Asks a container that does not exist. */
  askNowhere(method: string, path: string, asking?: Asking): Promise<Told>;
  /** The URL of a blob, readable as the source of a copy. */
  source(path: string): string;
}

const BLOB = { "x-ms-blob-type": "BlockBlob" };
const ONE = btoa("block-1");
const TWO = btoa("block-2");

const list = (...ids: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?><BlockList>${
    ids.map((id) => `<Latest>${id}</Latest>`).join("")
  }</BlockList>`;

const blockQuery = (id: string) =>
  `comp=block&blockid=${encodeURIComponent(id)}`;

function outcome({ status, code }: Told): string {
  return code === null ? `${status}` : `${status} ${code}`;
}

/** Puts blobs and blocks by short words. */
function on({ ask, source }: Place) {
  return {
    put: (path: string, body: string, headers = {}) =>
      ask("PUT", path, { headers: { ...BLOB, ...headers }, body }),
    block: (path: string, id: string, body: string) =>
      ask("PUT", path, { query: blockQuery(id), body }),
    commit: (path: string, ids: string[], headers = {}) =>
      ask("PUT", path, {
        query: "comp=blocklist",
        headers: { "content-type": "application/xml", ...headers },
        body: list(...ids),
      }),
    copy: (from: string, to: string, headers = {}) =>
      ask("PUT", to, {
        headers: {
          "x-ms-copy-source": source(from),
          "x-ms-requires-sync": "true",
          ...headers,
        },
      }),
    names: async (path: string) => {
      const query = "comp=blocklist&blocklisttype=committed";
      const { text } = await ask("GET", path, { query });
      return [...text.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, id]) => id);
    },
  };
}

/** One promise. */
export interface Documented {
  readonly name: string;
  check(place: Place): Promise<void>;
}

/** All of them. */
export const DOCUMENTED: readonly Documented[] = [
  {
    name: "If-None-Match: * on what exists is 409 BlobAlreadyExists",
    async check(place) {
      const { put, block, commit, copy } = on(place);
      await put("a", "1");
      const none = { "if-none-match": "*" };
      assertEquals(outcome(await put("a", "2", none)), "409 BlobAlreadyExists");
      await block("a", ONE, "x");
      const committed = await commit("a", [ONE], none);
      assertEquals(outcome(committed), "409 BlobAlreadyExists");
      await put("b", "1");
      const copied = await copy("b", "a", none);
      assertEquals(outcome(copied), "409 BlobAlreadyExists");
    },
  },
  {
    name: "If-Match on another version, or on none, is 412 ConditionNotMet",
    async check(place) {
      const { put } = on(place);
      const first = await put("a", "1");
      const match = { "if-match": first.headers.get("etag") ?? "" };
      assertEquals((await put("a", "2", match)).status, 201);
      assertEquals(outcome(await put("a", "3", match)), "412 ConditionNotMet");
      assertEquals(outcome(await put("b", "3", match)), "412 ConditionNotMet");
    },
  },
  {
    name: "a deletion tells absence, and honours If-Match",
    async check(place) {
      const { put } = on(place);
      const gone = await place.ask("DELETE", "a");
      assertEquals(outcome(gone), "404 BlobNotFound");
      const { headers } = await put("a", "1");
      await put("a", "2");
      const match = { "if-match": headers.get("etag") ?? "" };
      const kept = await place.ask("DELETE", "a", { headers: match });
      assertEquals(outcome(kept), "412 ConditionNotMet");
      assertEquals((await place.ask("DELETE", "a")).status, 202);
    },
  },
  {
    name: "Put Block List finds the latest block, committed or not",
    async check(place) {
      const { block, commit } = on(place);
      await block("a", ONE, "one");
      const first = await commit("a", [ONE]);
      assertEquals(first.status, 201);
      // As after an answer that was lost.
      const again = await commit("a", [ONE]);
      assertEquals(again.status, 201);
      assertNotEquals(again.headers.get("etag"), first.headers.get("etag"));
      await block("a", TWO, "two");
      assertEquals((await commit("a", [ONE, TWO])).status, 201);
      assertEquals((await place.ask("GET", "a")).text, "onetwo");
    },
  },
  {
    name: "a commit discards the blocks that it does not name",
    async check(place) {
      const { block, commit } = on(place);
      await block("a", ONE, "one");
      await block("a", TWO, "two");
      assertEquals((await commit("a", [TWO])).status, 201);
      const late = await commit("a", [ONE]);
      assertEquals(outcome(late), "400 InvalidBlockList");
      assertEquals((await place.ask("GET", "a")).text, "two");
    },
  },
  {
    name: "Put Blob discards the blocks that were sent before",
    async check(place) {
      const { put, block, commit } = on(place);
      await block("a", ONE, "one");
      await put("a", "whole");
      const late = await commit("a", [ONE]);
      assertEquals(outcome(late), "400 InvalidBlockList");
    },
  },
  {
    name:
      "a copy's id and source are told by HEAD, until something else is put",
    async check(place) {
      const { put, copy } = on(place);
      await put("a", "1");
      const made = await copy("a", "b");
      const id = made.headers.get("x-ms-copy-id");
      assertEquals([made.status, made.headers.get("x-ms-copy-status")], [
        202,
        "success",
      ]);
      assert(id, "the copy has no id");
      const { headers } = await place.ask("HEAD", "b");
      assertEquals(headers.get("x-ms-copy-id"), id);
      assertEquals(headers.get("x-ms-copy-status"), "success");
      // Nothing is said of what signs the source's URL.
      const [named] = headers.get("x-ms-copy-source")?.split("?") ?? [];
      assertEquals(named, place.source("a").split("?")[0]);
      const other = await copy("a", "b");
      assertNotEquals(other.headers.get("x-ms-copy-id"), id);
      await put("b", "2");
      const later = await place.ask("HEAD", "b");
      assertEquals(later.headers.get("x-ms-copy-id"), null);
    },
  },
  {
    name: "a copy has its source's committed blocks",
    async check(place) {
      const { block, commit, copy, names } = on(place);
      await block("a", ONE, "one");
      await block("a", TWO, "two");
      await commit("a", [ONE, TWO]);
      await copy("a", "b");
      assertEquals(await names("b"), [ONE, TWO]);
    },
  },
  {
    name: "a copy of another version than the one named is 412",
    async check(place) {
      const { put, copy } = on(place);
      const { headers } = await put("a", "1");
      await put("a", "2");
      const match = { "x-ms-source-if-match": headers.get("etag") ?? "" };
      const { status } = await copy("a", "b", match);
      assertEquals(status, 412);
      assertEquals((await copy("nothing", "b")).status, 404);
    },
  },
  {
    name: "a container that does not exist is named by every answer",
    async check({ askNowhere }) {
      const query = "restype=container&comp=list";
      const answers = [
        await askNowhere("GET", "a"),
        await askNowhere("PUT", "a", { headers: BLOB, body: "1" }),
        await askNowhere("DELETE", "a"),
        await askNowhere("GET", "", { query }),
      ];
      assertEquals(
        answers.map(outcome),
        answers.map(() => "404 ContainerNotFound"),
      );
    },
  },
];
