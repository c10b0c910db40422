/**
 * Blocks of the fake service: Put Block, Put Block List, Get Block List.
 *
 * @module
 */
import { type Block, type Paths, Refusal } from "./account.ts";
import { answer } from "./answers.ts";
import { type Asked, storedFields, toMeta, versionFields } from "./service.ts";

/** Answers Get Block List for the committed ones, and for the others where they are asked for. */
export function blockList(
  paths: Paths,
  path: string,
  query: URLSearchParams,
): Response {
  const node = paths.nodes.get(path);
  const uncommitted = paths.uncommitted.get(path);
  const isAll = query.get("blocklisttype") === "all";
  if (node === undefined && (!isAll || uncommitted === undefined)) {
    throw new Refusal(404, "BlobNotFound");
  }
  const element = (name: string, blocks: readonly Block[]) =>
    `<${name}>${
      blocks.map(({ id, bytes }) =>
        `<Block><Name>${id}</Name><Size>${bytes.byteLength}</Size></Block>`
      ).join("")
    }</${name}>`;
  const others = Array.from(
    uncommitted ?? [],
    ([id, bytes]) => ({ id, bytes }),
  );
  return answer(
    200,
    {
      "content-type": "application/xml",
      ...node === undefined ? {} : versionFields(node, null),
    },
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><BlockList>${
      element("CommittedBlocks", node?.blocks ?? [])
    }${isAll ? element("UncommittedBlocks", others) : ""}</BlockList>`,
  );
}

/** Stages a block. */
export function putBlock(
  paths: Paths,
  path: string,
  query: URLSearchParams,
  body: Uint8Array<ArrayBuffer>,
): Response {
  const id = query.get("blockid") ?? "";
  if (atob(id).length > 64) throw new Refusal(400, "OutOfRangeInput");
  if (body.byteLength === 0) throw new Refusal(400, "InvalidHeaderValue");
  const blocks = paths.uncommitted.get(path) ?? new Map();
  for (const other of blocks.keys()) {
    if (other.length !== id.length) {
      throw new Refusal(400, "InvalidBlobOrBlock");
    }
  }
  paths.uncommitted.set(path, blocks.set(id, body));
  return answer(201);
}

/**
 * Makes a blob of blocks. Each is looked for where its element says: `Latest` among the
 * uncommitted ones, then among the committed ones. All others are discarded.
 */
export function putBlockList(paths: Paths, asked: Asked): Response {
  const { path, headers, body } = asked;
  const xml = new TextDecoder().decode(body);
  const uncommitted = paths.uncommitted.get(path);
  const committed = paths.nodes.get(path)?.blocks ?? [];
  const wanted = /<(Latest|Committed|Uncommitted)>([^<]+)<\/\1>/g;
  const blocks = Array.from(
    xml.matchAll(wanted),
    ([, from, id = ""]): Block => {
      const fresh = from === "Committed" ? undefined : uncommitted?.get(id);
      const kept = from === "Uncommitted"
        ? undefined
        : committed.find((block) => block.id === id)?.bytes;
      const bytes = fresh ?? kept;
      if (bytes === undefined) throw new Refusal(400, "InvalidBlockList");
      return { id, bytes };
    },
  );
  const size = blocks.reduce((sum, block) => sum + block.bytes.byteLength, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const { bytes } of blocks) {
    whole.set(bytes, at);
    at += bytes.byteLength;
  }
  const node = paths.put(path, {
    ...toMeta(headers),
    bytes: whole,
    blocks,
    headers: storedFields(headers),
  });
  paths.uncommitted.delete(path);
  return answer(201, versionFields(node, null));
}
