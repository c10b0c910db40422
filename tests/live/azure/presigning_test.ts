/**
 * Signed requests as those send them who have nothing else, by plain `fetch`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { presign, type PresignOptions } from "../../../backends/azure/mod.ts";
import { sendAs, statusOf } from "../../backends/presigned.ts";
import { expectedOf, outcomesOf } from "../../backends/presigned_changes.ts";
import { createStore } from "./account.ts";
import { ORIGIN } from "./origin.ts";

Deno.test("PRESIGN-001 the emulator takes what was signed, by plain http, and not beyond its end", async () => {
  const store = (await createStore(ORIGIN)).child("x");
  const path = "a b+ü&.txt";
  const send = async (options: PresignOptions, body?: string) =>
    await statusOf(fetch, presign(store, path, options), body);
  assertEquals(await send({ method: "PUT" }, "hi"), 201);
  assertEquals(await store.readText(path), "hi");
  const over: PresignOptions = { method: "PUT", overwrite: true, expiresIn: 1 };
  const short = await presign(store, path, over);
  assertEquals(await send({ ...over, expiresIn: 60 }, "ho"), 201);
  assertEquals(await send({ method: "HEAD" }), 200);
  const get = await presign(store, path, {
    response: { contentDisposition: "a b", contentType: "text/y" },
  });
  const response = await sendAs(fetch, get);
  assertEquals(response.headers.get("content-disposition"), "a b");
  assertEquals(response.headers.get("content-type"), "text/y");
  assertEquals(await response.text(), "ho");
  // The URL ends after one second of the emulator's clock: nothing here to wait for.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assertEquals(await statusOf(fetch, short, "x"), 403);
  assertEquals(await send({ method: "DELETE" }), 202);
  assertEquals(await store.exists(path), false);
});

Deno.test("PRESIGN-003 the emulator stores what was signed", async () => {
  const store = await createStore(ORIGIN);
  const metadata = { by: "ädä", kind: "a  b" };
  const signed = await presign(store, "a", {
    method: "PUT",
    contentType: "text/csv",
    cacheControl: "no-cache",
    contentDisposition: "attachment",
    contentLanguage: "en",
    metadata,
  });
  assertEquals(await statusOf(fetch, signed, "abc"), 201);
  const { contentType, metadata: found, extra } = await store.getFileInfo("a");
  assertEquals([contentType, found], ["text/csv", metadata]);
  assertEquals(
    [extra["cacheControl"], extra["contentDisposition"]],
    ["no-cache", "attachment"],
  );
  assertEquals(extra["contentLanguage"], "en");
});

Deno.test("PRESIGN-009 what a sender changes is held or open as the pages list it", async () => {
  const store = await createStore(ORIGIN);
  const outcomes = await outcomesOf(store, presign, fetch);
  assertEquals(outcomes, expectedOf("azure"));
});
