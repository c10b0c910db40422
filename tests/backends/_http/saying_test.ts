import { saying } from "../../../backends/_http/saying.ts";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { type Backend, PermissionDeniedError, Store } from "../../../mod.ts";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("SAY-001: a failure is said by its status and the service's word, and a HEAD's by why there is none", () => {
  assertEquals(saying(403, "AccessDenied", "HEAD"), "403 AccessDenied");
  for (const none of [null, ""]) {
    assertEquals(saying(403, none, "GET"), "403");
    assertEquals(
      saying(400, none, "HEAD"),
      "400; HEAD answers carry no reason",
    );
  }
});

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const OPENED: Readonly<Record<string, (fetch: Fetch) => Backend>> = {
  s3: (fetch) =>
    new S3Backend({
      bucket: "bucket",
      endpoint: "http://s3.test",
      credentials: { accessKeyId: "A", secretAccessKey: "S" },
      dialect: "aws",
      fetch,
    }),
  azure: (fetch) =>
    new AzureBackend({
      container: "files",
      accountName: "fake",
      accountKey: btoa("key"),
      hns: false,
      fetch,
    }),
};

const FIELDS = { "x-ms-version": "2021-12-02", "x-ms-request-id": "R1" };

/** A service that denies all that is asked for, in words where an answer has a body. */
function denying(status: number): Fetch {
  return (_url, { method }) => {
    const body = method === "HEAD"
      ? null
      : "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
    const headers = { ...FIELDS, "content-type": "application/xml" };
    return Promise.resolve(new Response(body, { status, headers }));
  };
}

for (const [service, open] of Object.entries(OPENED)) {
  Deno.test(`SAY-001: a look that is denied names the status, and that HEAD tells no reason, on ${service}`, async () => {
    for (const status of [401, 403]) {
      const store = new Store({ backend: open(denying(status)) });
      const { message, code, path } = await assertRejects(
        () => store.getFileInfo("a.txt"),
        PermissionDeniedError,
      );
      assertEquals([code, path], ["PermissionDenied", "a.txt"]);
      assertEquals(
        message,
        `Cannot look up "a.txt": access is denied (${status}; HEAD answers carry no reason)`,
      );
      const read = await assertRejects(
        () => store.readBytes("a.txt"),
        PermissionDeniedError,
      );
      assertEquals(
        read.message,
        `Cannot read "a.txt": access is denied (${status} AccessDenied)`,
      );
    }
  });

  Deno.test(`SAY-001: a look that is refused for another reason says so, on ${service}`, async () => {
    const store = new Store({ backend: open(denying(405)) });
    const { message } = await assertRejects(
      () => store.getFileInfo("a.txt"),
      Error,
    );
    const id = service === "azure" ? "; request R1" : "";
    assertEquals(
      message,
      `Cannot look up "a.txt": the service answered 405; HEAD answers carry no reason${id}`,
    );
  });
}
