import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  PermissionDeniedError,
} from "@remote-store/core";
import {
  isCode,
  type Kept,
  Shelf,
  Superseded,
} from "../../../ext/_resume/shelf.ts";
import type { UploadToken } from "../../../ext/_resume/token.ts";
import { memory } from "./fixture.ts";

const TARGET = "0".repeat(32);

function tokenAt(key: string): UploadToken {
  return {
    v: 1,
    key,
    target: TARGET,
    path: "a",
    id: "id",
    size: 1,
    partSize: 1,
    name: null,
    lastModified: null,
    created: 0,
    options: {},
    parts: [],
    owner: "one",
    state: "open",
    made: null,
  };
}

const KEY = `${TARGET}/${crypto.randomUUID()}.json`;

Deno.test("RES-010 a token is written by compare-and-swap: who has read an older one has lost", async () => {
  const shelf = new Shelf(memory());
  const token = tokenAt(KEY);
  assertEquals(await shelf.read(KEY), null);
  const first = await shelf.write(token, null);
  await assertRejects(() => shelf.write(token, null), Superseded);
  const second = await shelf.write({ ...token, owner: "two" }, first.etag);
  await assertRejects(() => shelf.write(token, first.etag), Superseded);
  assertEquals((await shelf.read(KEY) as Kept).token.owner, "two");
  await shelf.delete(KEY);
  await shelf.delete(KEY);
  await assertRejects(() => shelf.write(token, second.etag), Superseded);
});

Deno.test("RES-003 a mark wins over whoever writes meanwhile", async () => {
  const store = memory();
  const shelf = new Shelf(store);
  let { etag } = await shelf.write(tokenAt(KEY), null);
  const busy = new Shelf(
    new Proxy(store, {
      get(target, key) {
        if (key !== "open") {
          const value = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return async (...args: Parameters<typeof store.open>) => {
          const found = await target.open(...args);
          if (etag !== "") {
            await shelf.write({ ...tokenAt(KEY), owner: "busy" }, etag);
          }
          etag = "";
          return found;
        };
      },
    }),
  );
  await busy.mark(KEY, "discarded", undefined);
  const kept = await shelf.read(KEY) as Kept;
  assertEquals([kept.token.state, kept.token.owner], ["discarded", "busy"]);
  await shelf.mark("absent", "discarded", undefined);
});

Deno.test("RES-006 only what is named as a token is one", async () => {
  const store = memory();
  const shelf = new Shelf(store);
  await shelf.write(tokenAt(KEY), null);
  await store.write(`${TARGET}/notes.txt`, "mine");
  await store.write(`other/${crypto.randomUUID()}.json`, "{}");
  assertEquals(await Array.fromAsync(shelf.names(null, undefined)), [KEY]);
  assertEquals(await Array.fromAsync(shelf.names(TARGET, undefined)), [KEY]);
  assertEquals(
    await Array.fromAsync(shelf.names("1".repeat(32), undefined)),
    [],
  );
  await store.write(KEY, "torn", { overwrite: true });
  assertEquals(await shelf.read(KEY), "torn");
});

Deno.test("RES-010 a store that fails is told as it is; one that tells no etag is refused", async () => {
  const store = memory();
  const denied = {
    ...fake(store),
    write: () => Promise.reject(new PermissionDeniedError()),
  };
  await assertRejects(
    () => new Shelf(denied).write(tokenAt(KEY), null),
    PermissionDeniedError,
  );
  const mute = {
    ...fake(store),
    write: async () => ({
      ...await store.write("x", "y", { overwrite: true }),
      etag: null,
    }),
  };
  await assertRejects(
    () => new Shelf(mute).write(tokenAt(KEY), null),
    CapabilityNotSupportedError,
    "tells no etag",
  );
  assert(!isCode(new Error(), "NotFound"));
});

function fake(store: ReturnType<typeof memory>) {
  return {
    open: store.open.bind(store),
    write: store.write.bind(store),
    delete: store.delete.bind(store),
    listFiles: store.listFiles.bind(store),
    supports: store.supports.bind(store),
  };
}
