import { assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  type OpenUploadOptions,
  RemoteStoreError,
  Store,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

const CUT = { size: 3, partSize: 2 };

Deno.test("UPL-008 wrong options are refused before the backend is asked, in this order", async () => {
  const store = new Store({ backend: new FlatBackend() });
  const rows: [OpenUploadOptions, new () => Error, string][] = [
    [{ ...CUT, sise: 3 } as never, InvalidArgumentError, "did you mean size?"],
    [{} as never, InvalidArgumentError, "size is undefined"],
    [{ size: -1 }, InvalidArgumentError, "size is -1"],
    [
      { size: 3, overwrite: "no" as never },
      InvalidArgumentError,
      "overwrite is no boolean",
    ],
    [CUT, CapabilityNotSupportedError, "does not support resumable_upload"],
  ];
  for (const [options, Class, message] of rows) {
    await assertRejects(() => store.openUpload("a", options), Class, message);
  }
  await assertRejects(() => store.openUpload("", CUT), InvalidPathError);
  const liar = new FlatBackend({
    capabilities: ["write", "resumable_upload"],
  });
  await assertRejects(
    () =>
      new Store({ backend: liar }).openUpload("a", { ...CUT, overwrite: true }),
    RemoteStoreError,
    "declares resumable_upload and has no uploads",
  );
});
