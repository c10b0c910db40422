/**
 * Signed requests as those send them who have nothing else, by plain `fetch`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  presign,
  type PresignOptions,
  RemoteS3Backend,
} from "../../../backends/s3/remote.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { remoteSigner } from "../../../backends/s3/remote.ts";
import { signHandler } from "../../../ext/sign.ts";
import { Store } from "../../../mod.ts";
import { sendAs, statusOf } from "../../backends/presigned.ts";
import { expectedOf, outcomesOf } from "../../backends/presigned_changes.ts";
import { createBucket, createStore, DIALECT, optionsFor } from "./server.ts";

// s3rver answers to each signature, right or wrong.
const ignore = DIALECT === "generic";

Deno.test({
  name:
    "PRESIGN-001 the server takes what was signed, and neither another key or end nor an expired one",
  ignore,
  async fn() {
    const store = await createStore();
    const path = "a b+ü&.txt";
    const signed = async (options: PresignOptions) => {
      const { url, ...rest } = await presign(store, path, options);
      return (change: (url: string) => string = (url) => url, body?: string) =>
        statusOf(fetch, { ...rest, url: change(url) }, body);
    };
    const over: PresignOptions = { method: "PUT", overwrite: true };
    const short = await signed({ ...over, expiresIn: 1 });
    const put = await signed({ ...over, expiresIn: 60 });
    assertEquals(await put(undefined, "hi"), 200);
    assertEquals(await store.readText(path), "hi");
    const get = await presign(store, path, {
      response: { contentDisposition: "a b" },
    });
    const response = await sendAs(fetch, get);
    assertEquals(response.headers.get("content-disposition"), "a b");
    assertEquals(await response.text(), "hi");
    const look = await signed({ method: "HEAD" });
    assertEquals(await look(), 200);
    assertEquals(await look((url) => url.replace("a%20b", "a%20c")), 403);
    const longer = (url: string) => url.replace("Expires=900", "Expires=901");
    assertEquals(await look(longer), 403);
    // The URL ends after one second of the server's clock: nothing here to wait for.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assertEquals(await short(undefined, "x"), 403);
    const remove = await signed({ method: "DELETE" });
    assertEquals(await remove(), 204);
    assertEquals(await store.exists(path), false);
  },
});

Deno.test({
  name: "PRESIGN-003 the server stores what was signed",
  ignore,
  async fn() {
    const store = (await createStore()).child("x");
    const metadata = { by: "ädä", kind: "a $1  b" };
    const stored: PresignOptions = { contentType: "text/csv", metadata };
    const rows: PresignOptions[] = [
      {
        ...stored,
        method: "PUT",
        contentLength: 3,
        cacheControl: "no-cache",
        contentDisposition: 'attachment; filename="$1.csv"',
        contentLanguage: "en",
      },
      {
        ...stored,
        method: "POST",
        contentLength: { min: 2, max: 4 },
        overwrite: true,
      },
    ];
    for (const options of rows) {
      const path = `${options.method} a b+ü$'"\\.csv`;
      const signed = await presign(store, path, options);
      const status = await statusOf(fetch, signed, "abc");
      assertEquals(status, options.method === "PUT" ? 200 : 204);
      const info = await store.getFileInfo(path);
      assertEquals([info.contentType, info.metadata], ["text/csv", metadata]);
      const { cacheControl, contentDisposition, contentLanguage } = options;
      assertEquals([
        info.extra["cacheControl"],
        info.extra["contentDisposition"],
        info.extra["contentLanguage"],
      ], [cacheControl, contentDisposition, contentLanguage]);
      assertEquals(await store.readText(path), "abc");
    }
  },
});

Deno.test({
  name: "PRESIGN-010 curl sends what the pages say",
  ignore,
  async fn() {
    const store = await createStore();
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, "abc");
    const curl = async (args: readonly string[]) => {
      const { success } = await new Deno.Command("curl", {
        args: ["--fail", "--silent", "--output", "/dev/null", ...args],
      }).output();
      return success;
    };
    const put = await presign(store, "put", {
      method: "PUT",
      contentType: "image/png",
      contentLength: 3,
    });
    const fields = Object.entries(put.headers)
      .flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
    const upload = ["--upload-file", file, ...fields, put.url];
    assertEquals([await curl(upload), await curl(upload)], [true, false]);
    assertEquals(await store.readText("put"), "abc");
    const post = await presign(store, "post", {
      method: "POST",
      overwrite: true,
      contentLength: { max: 3 },
    });
    const form = Object.entries(post.fields ?? {})
      .flatMap(([name, value]) => ["--form-string", `${name}=${value}`]);
    assertEquals(
      await curl([...form, "--form", `file=@${file}`, post.url]),
      true,
    );
    assertEquals(await store.readText("post"), "abc");
    await Deno.remove(file);
  },
});

Deno.test({
  name:
    "PRESIGN-009 what a sender changes is held or open as the pages list it",
  ignore,
  async fn() {
    const store = await createStore();
    const outcomes = await outcomesOf(store, presign, fetch);
    assertEquals(outcomes, expectedOf("ceph"));
  },
});

Deno.test({
  name:
    "PRESIGN-009 s3rver takes a signature that is none, and so holds nothing",
  ignore: !ignore,
  async fn() {
    const store = await createStore();
    const put = await presign(store, "a.txt", {
      method: "PUT",
      overwrite: true,
      contentLength: 3,
    });
    assertEquals(put.enforced, ["contentLength"]);
    const forged = put.url.replace(/(Signature=)[0-9a-f]{8}/, "$100000000");
    assertEquals(await statusOf(fetch, { ...put, url: forged }, "abcd"), 200);
    assertEquals(await store.readText("a.txt"), "abcd");
  },
});

Deno.test({
  name: "PAGE-012 the server takes a link that a page had signed",
  ignore,
  async fn() {
    const options = optionsFor(await createBucket());
    const sign = signHandler({
      store: new Store({ backend: new S3Backend(options) }),
      signing: s3Signing,
      root: "users/42",
      authorize: () => true,
      unsignedFields: "accepted",
    });
    const { credentials: _, ...rest } = options;
    const page = new Store({
      backend: new RemoteS3Backend({
        ...rest,
        signer: remoteSigner("https://app.example.com/sign", {
          fetch: (url, init) => sign(new Request(url, init)),
        }),
      }),
      root: "users/42",
    });
    const put = await presign(page, "a", {
      method: "PUT",
      contentLength: 3,
      contentType: "text/csv",
    });
    assertEquals(put.enforced, ["create", "contentType", "contentLength"]);
    assertEquals(await statusOf(fetch, put, "abcd"), 403);
    assertEquals(await statusOf(fetch, put, "abc"), 200);
    assertEquals(await statusOf(fetch, put, "abd"), 412);
    assertEquals(await page.readText("a"), "abc");
  },
});
