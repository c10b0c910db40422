import { assertEquals, assertRejects } from "@std/assert";
import { createContainer } from "../../../backends/azure/mod.ts";
import { PermissionDeniedError, RemoteStoreError } from "../../../mod.ts";

/** Options of a service that answers with a status and a code. */
function answering(status: number, code = "") {
  const sent: string[] = [];
  const options = {
    container: "reports",
    hns: false,
    accountName: "contoso",
    token: () => Promise.resolve("token"),
    fetch: (url: string, init: RequestInit = {}) => {
      sent.push(`${init.method} ${url}`);
      const headers = { "x-ms-error-code": code };
      return Promise.resolve(new Response(null, { status, headers }));
    },
  };
  return { sent, options };
}

Deno.test("CREATE-001: a container is created, or there already", async () => {
  for (
    const [status, code] of [[201], [409, "ContainerAlreadyExists"]] as const
  ) {
    const { options, sent } = answering(status, code);
    await createContainer(options);
    assertEquals(sent, [
      "PUT https://contoso.blob.core.windows.net/reports?restype=container",
    ]);
  }
});

Deno.test("CREATE-001: a container that is being deleted, and a refusal, are errors", async () => {
  const deleting = answering(409, "ContainerBeingDeleted");
  await assertRejects(
    () => createContainer(deleting.options),
    RemoteStoreError,
  );
  const denied = answering(403, "AuthorizationFailure");
  await assertRejects(
    () => createContainer(denied.options),
    PermissionDeniedError,
  );
});
