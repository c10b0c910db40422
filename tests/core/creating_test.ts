import { assertEquals, assertRejects } from "@std/assert";
import { createFolder } from "../../core/creating.ts";
import { Mount } from "../../core/mount.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  CapabilityNotSupportedError,
  InvalidPathError,
  Store,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

Deno.test("MKDIR-001 createFolder() asks for the folder and nothing else, for the root nothing", async () => {
  const backend = new MemoryBackend();
  const asked: string[] = [];
  const make = backend.createFolder.bind(backend);
  backend.createFolder = (key) => {
    asked.push(key);
    return make(key);
  };
  const mount = new Mount(backend, "root", false);
  await createFolder(mount, "a/b", {});
  await createFolder(mount, ".", {});
  assertEquals(asked, ["root/a/b"]);
  assertEquals(await new Store({ backend }).isFolder("root/a"), true);
});

Deno.test("MKDIR-002 createFolder() says what is in the way, by the store's path", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  void await store.write("top/file", "");
  const error = await assertRejects(
    () => store.child("top").createFolder("file/below"),
    InvalidPathError,
    'Cannot create the folder "file/below": "file" above it is a file',
  );
  assertEquals([error.path, error.backend], ["file/below", "memory"]);
});

Deno.test("MKDIR-002 without CREATE_FOLDER, or without the method, it is refused before any request", async () => {
  const flat = new Store({ backend: new MemoryBackend({ namespace: "flat" }) });
  await assertRejects(
    () => flat.createFolder("a"),
    CapabilityNotSupportedError,
    "create_folder",
  );
  const backend = new FlatBackend({ capabilities: ["create_folder"] });
  Object.assign(backend, { createFolder: undefined });
  await assertRejects(
    () => new Store({ backend }).createFolder("a"),
    CapabilityNotSupportedError,
    "the backend creates no folders",
  );
});
