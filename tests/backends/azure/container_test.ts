import { assert, assertEquals } from "@std/assert";
import { refusal, release } from "../../../backends/azure/container.ts";
import { createFake } from "./fake_store.ts";

const { container } = createFake().settings;

Deno.test("AZ-001 a container's URLs name account, container and key", () => {
  assertEquals(
    container.url("a b/c", { comp: "block", none: null }),
    "https://fake.blob.core.windows.net/files/a%20b/c?comp=block",
  );
  assertEquals(
    container.dfsUrl("a", { action: "flush", position: 5 }),
    "https://fake.dfs.core.windows.net/files/a?action=flush&position=5",
  );
  assertEquals(
    container.ownUrl({ comp: "list" }),
    "https://fake.blob.core.windows.net/files?restype=container&comp=list",
  );
});

Deno.test("AZ-017 a rename's source is a path; by SAS it carries the signature", async () => {
  assertEquals(
    await container.renameSource("a b/c", undefined),
    "/files/a%20b/c",
  );
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  assertEquals(
    await bySas.settings.container.renameSource("a", undefined),
    "/files/a?sig=x",
  );
  const open = createFake({ accountKey: undefined }).settings.container;
  assertEquals(await open.renameSource("a", undefined), "/files/a");
});

Deno.test("AZ-016 parts of a batch are dated and signed, and have no version", async () => {
  const part = { method: "DELETE", url: "u", headers: {}, body: null };
  const url = container.url("a");
  const { headers } = await container.signPart({ ...part, url }, undefined);
  assertEquals(Object.keys(headers).sort(), ["authorization", "x-ms-date"]);
});

Deno.test("AZ-023 sendOnly() leaves no body open", async () => {
  const { settings, paths } = createFake();
  paths.put("a", { bytes: new Uint8Array(100) });
  const own = settings.container;
  const { response } = await own.sendOnly("GET", own.url("a"), {
    signal: undefined,
  });
  assertEquals(await response.body?.getReader().read(), {
    done: true,
    value: undefined,
  });
});

Deno.test("AZ-025 refusal() reads the failure, release() lets go of a body", async () => {
  const response = new Response("<Error><Code>BlobNotFound</Code></Error>", {
    status: 404,
  });
  const { failure, error } = await refusal(response, undefined);
  assertEquals([failure.status, error.name], [404, "NotFoundError"]);
  const other = new Response("x");
  await release(other);
  assert(other.bodyUsed);
});

Deno.test("AZ-017 now() and sleep() are the clock's", async () => {
  assert(Math.abs(container.now() - Date.now()) < 60_000);
  await container.sleep(1, undefined);
});
