import { assertEquals, assertRejects } from "@std/assert";
import { Draft } from "../../../backends/azure/draft.ts";
import { ContentDigest, InvalidArgumentError } from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

const REQUEST = {
  condition: { overwrite: true, ifMatch: null },
  headers: {
    contentType: "text/csv",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: "gzip",
    contentLanguage: null,
  },
  metadata: { Kind: "é", plain: "x" },
  check: null,
  signal: undefined,
};

const bytesOf = (text: string) => ({
  kind: "bytes" as const,
  bytes: new TextEncoder().encode(text),
});

Deno.test("AZ-014 fill() creates, appends at positions, flushes at the end", async () => {
  const { settings, paths, service } = createFake({ hns: true, blockSize: 4 });
  const draft = new Draft(settings, "draft", REQUEST);
  const { etag } = await draft.fill(bytesOf("0123456789"), undefined);
  const node = paths.nodes.get("draft");
  assertEquals(etag, node?.etag);
  assertEquals(new TextDecoder().decode(node?.bytes), "0123456789");
  assertEquals(node?.headers, {
    "content-type": "text/csv",
    "content-encoding": "gzip",
  });
  assertEquals(node?.metadata, { kind: "=?UTF-8?B?w6k=?=", plain: "x" });
  assertEquals([...service.counts], [
    ["PUT", 1],
    ["PATCH append", 3],
    ["PATCH flush", 1],
  ]);
});

Deno.test("AZ-014 fill() of nothing appends nothing, which the service would refuse", async () => {
  const { settings, paths, service } = createFake({ hns: true });
  const draft = new Draft(settings, "draft", REQUEST);
  const { etag } = await draft.fill(bytesOf(""), undefined);
  assertEquals(etag, paths.nodes.get("draft")?.etag);
  assertEquals([...service.counts], [["PUT", 1]]);
});

Deno.test("WR-007 fill() sends the check of each part", async () => {
  const digest = new ContentDigest("md5", "5eb63bbbe01eeed093cb22bb8f5acdc3");
  const check = {
    algorithm: "md5",
    digest: () => Promise.resolve(digest),
    digestOf: () => Promise.resolve(digest),
  };
  const { settings, sent } = createFake({ hns: true, blockSize: 4 });
  const draft = new Draft(settings, "draft", { ...REQUEST, check });
  await draft.fill(bytesOf("01234567"), undefined);
  const md5 = sent.filter(({ headers }) => headers.has("content-md5"));
  assertEquals(md5.length, 2);
});

Deno.test("AZ-014 discard() removes what was made, asks for nothing where nothing was, and never fails", async () => {
  const { settings, paths, sent } = createFake({ hns: true });
  const draft = new Draft(settings, "draft", REQUEST);
  await draft.discard();
  assertEquals(sent.length, 0);
  await draft.fill(bytesOf("x"), undefined);
  await draft.discard();
  assertEquals(paths.nodes.size, 0);
  await draft.discard();
});

Deno.test("WR-011 a draft with metadata that the service refuses is refused before any request", async () => {
  const { settings, sent } = createFake({ hns: true });
  const make = () =>
    Promise.resolve().then(() =>
      new Draft(settings, "draft", { ...REQUEST, metadata: { "a-b": "x" } })
    );
  await assertRejects(make, InvalidArgumentError);
  assertEquals(sent.length, 0);
});
