import { assertEquals } from "@std/assert";
import { createContainer, S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { optionsFor } from "./server.ts";

Deno.test("CREATE-001: a bucket is created on the server, and the second time none the worse", async () => {
  const options = optionsFor(`made-${Date.now().toString(36)}`);
  await createContainer(options);
  const store = new Store({ backend: new S3Backend(options) });
  assertEquals((await store.write("a", "A")).size, 1);
  await createContainer(options);
  assertEquals(await store.readText("a"), "A");
});
