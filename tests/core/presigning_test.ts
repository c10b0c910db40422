import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  beginPresign,
  type CheckedPresign,
  MAX_PRESIGN_SECONDS,
  type PresignOptions,
  toPresigned,
} from "../../core/presigning.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  Store,
} from "../../mod.ts";
import { observe } from "../../ext/observe.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { MemoryBackend } from "../../backends/memory.ts";

const open = () => new Store({ backend: new FlatBackend() });

const checked = (options: PresignOptions): CheckedPresign =>
  beginPresign(open(), FlatBackend, "a", options).asked;

Deno.test("PRESIGN-005 what is asked for is complete, whatever was left out", () => {
  assertEquals(checked({}), {
    method: "GET",
    seconds: 900,
    creates: false,
    headers: {
      contentType: null,
      cacheControl: null,
      contentDisposition: null,
      contentEncoding: null,
      contentLanguage: null,
    },
    metadata: null,
    length: null,
    digest: null,
    response: checked({ method: "HEAD" }).headers,
  });
  const put = checked({
    method: "PUT",
    contentLength: 0,
    metadata: { a: "b" },
  });
  assertEquals([put.creates, put.length], [true, { min: 0, max: 0 }]);
  assertEquals(put.metadata, { a: "b" });
  const post = checked({
    method: "POST",
    overwrite: true,
    contentLength: { max: 5 },
    expiresIn: MAX_PRESIGN_SECONDS,
  });
  assertEquals([post.creates, post.length], [false, { min: 0, max: 5 }]);
  assertEquals(post.seconds, 604_800);
  assertEquals(checked({ metadata: null }).metadata, null);
});

Deno.test("PRESIGN-005 each option is refused by each method that it means nothing to", () => {
  const given: Required<Omit<PresignOptions, "signal" | "method">> = {
    expiresIn: 60,
    overwrite: false,
    contentType: "a/b",
    cacheControl: "no-store",
    contentDisposition: "inline",
    contentEncoding: "gzip",
    contentLanguage: "en",
    metadata: { a: "b" },
    contentLength: 1,
    digest: { algorithm: "md5", value: "ab".repeat(16) } as never,
    response: { contentType: "a/b" },
  };
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const methods = (["GET", "HEAD", "PUT", "POST", "DELETE"] as const)
      .filter((method) => {
        try {
          checked({ method, [name]: value });
          return true;
        } catch (error) {
          assert(error instanceof InvalidArgumentError, `${error}`);
          assert(error.message.includes(`${name} is for `), error.message);
          return false;
        }
      });
    taken[name] = methods.join(" ");
  }
  assertEquals(taken, {
    expiresIn: "GET HEAD PUT POST DELETE",
    overwrite: "PUT POST",
    contentType: "PUT POST",
    cacheControl: "PUT POST",
    contentDisposition: "PUT POST",
    contentEncoding: "PUT POST",
    contentLanguage: "PUT POST",
    metadata: "PUT POST",
    contentLength: "PUT POST",
    digest: "PUT",
    response: "GET",
  });
});

Deno.test("PRESIGN-006 the key is that of the path, of a child, and through a proxy", () => {
  const store = open();
  const keyOf = (of: Store | ReturnType<typeof observe>) => {
    const { key, path } = beginPresign(of, FlatBackend, "a//./b", {});
    return [key, path];
  };
  assertEquals(keyOf(store), ["a/b", "a/b"]);
  assertEquals(keyOf(store.child("x")), ["x/a/b", "a/b"]);
  assertEquals(keyOf(observe(store.child("x"), {})), ["x/a/b", "a/b"]);
  for (const root of ["", ".", "/"]) {
    assertThrows(
      () => beginPresign(store.child("x"), FlatBackend, root, {}),
      InvalidPathError,
    );
  }
});

Deno.test("PRESIGN-007 another backend, one that cannot sign, and a closed one are refused in this order", async () => {
  const memory = new Store({ backend: new MemoryBackend() });
  assertThrows(
    () => beginPresign(memory, FlatBackend, "a", {}),
    CapabilityNotSupportedError,
  );
  const unable = new FlatBackend({ capabilities: ["read"] });
  const error = assertThrows(
    () => beginPresign(new Store({ backend: unable }), FlatBackend, "a", {}),
    CapabilityNotSupportedError,
  );
  assertEquals(error.capability, "presign");
  const store = open();
  await store.close();
  await assertRejects(
    // deno-lint-ignore require-await -- what throws has to reject
    async () => beginPresign(store, FlatBackend, "", {}),
    BackendUnavailableError,
  );
});

Deno.test("PRESIGN-001 toPresigned() lists the limits that were asked for and are held", () => {
  const asked = checked({
    method: "PUT",
    contentType: "a/b",
    contentLength: 1,
    metadata: { a: "b" },
  });
  const given = { url: "https://x.test/", headers: { a: "b" }, expires: 1000 };
  const all = toPresigned(asked, given, () => true);
  assertEquals(all.enforced, [
    "create",
    "contentType",
    "contentLength",
    "metadata",
  ]);
  assertEquals(toPresigned(asked, given, () => false).enforced, []);
  given.headers.a = "c";
  assertEquals([all.headers, all.fields], [{ a: "b" }, null]);
  assertEquals(all.expires, new Date(1000));
});
