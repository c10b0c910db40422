import { FakeS3 } from "../../fakes/s3/service.ts";
import { copyAndDelete, refuseUnsent, writeAndRead } from "./keys.ts";
import { optionsOf, storeOf } from "./setup.ts";

Deno.test("PATH-001: every key is byte-exact in write, read, list, copy and bulk delete", async () => {
  const store = storeOf(new FakeS3({ pageSize: 100 }));
  await writeAndRead(store);
  await copyAndDelete(store);
});

Deno.test("PATH-001: what cannot be byte-exact is InvalidPath, and nothing is sent", async () => {
  await refuseUnsent(optionsOf(new FakeS3()));
});
