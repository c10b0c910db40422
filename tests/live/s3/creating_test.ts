import { assertEquals, assertRejects } from "@std/assert";
import { createContainer, S3Backend } from "../../../backends/s3/mod.ts";
import { AlreadyExistsError, Store } from "../../../mod.ts";
import { DIALECT, optionsFor } from "./server.ts";

Deno.test("CREATE-001: a bucket is created on the server, and the second time loses nothing", async () => {
  const options = optionsFor(`made-${crypto.randomUUID()}`);
  await createContainer(options);
  const store = new Store({ backend: new S3Backend(options) });
  assertEquals((await store.write("a", "A")).size, 1);
  // s3rver knows no owners: it says of each bucket that somebody has it.
  if (DIALECT === "generic") {
    await assertRejects(
      () => createContainer(options),
      AlreadyExistsError,
      "may be your own or another account's",
    );
    // As the sentence says.
    await store.ping();
  } else {
    await createContainer(options);
  }
  assertEquals(await store.readText("a"), "A");
});
