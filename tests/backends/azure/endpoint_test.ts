import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type EndpointOptions,
  toEndpoint,
} from "../../../backends/azure/endpoint.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";

const ROWS: readonly (readonly [
  rule: string,
  options: EndpointOptions,
  expected: readonly [account: string | null, blob: string, dfs: string],
])[] = [
  ["a name", { accountName: "acct" }, [
    "acct",
    "https://acct.blob.core.windows.net",
    "https://acct.dfs.core.windows.net",
  ]],
  ["a sovereign cloud", {
    accountName: "acct",
    endpointSuffix: "core.usgovcloudapi.net",
  }, [
    "acct",
    "https://acct.blob.core.usgovcloudapi.net",
    "https://acct.dfs.core.usgovcloudapi.net",
  ]],
  ["host style", { accountUrl: "https://acct.blob.core.windows.net/" }, [
    "acct",
    "https://acct.blob.core.windows.net",
    "https://acct.dfs.core.windows.net",
  ]],
  ["a DNS zone", { accountUrl: "https://acct.z12.blob.storage.azure.net" }, [
    "acct",
    "https://acct.z12.blob.storage.azure.net",
    "https://acct.z12.dfs.storage.azure.net",
  ]],
  ["path style", { accountUrl: "http://127.0.0.1:10000/devstoreaccount1" }, [
    "devstoreaccount1",
    "http://127.0.0.1:10000/devstoreaccount1",
    "http://127.0.0.1:10000/devstoreaccount1",
  ]],
  ["a domain of its own", { accountUrl: "https://files.example.com" }, [
    null,
    "https://files.example.com",
    "https://files.example.com",
  ]],
  ["a domain of its own and a name", {
    accountUrl: "https://files.example.com",
    accountName: "acct",
    dfsUrl: "https://lake.example.com/",
  }, ["acct", "https://files.example.com", "https://lake.example.com"]],
];

for (const [rule, options, [accountName, blobUrl, dfsUrl]] of ROWS) {
  Deno.test(`AZ-001 toEndpoint() takes ${rule}`, () => {
    assertEquals(toEndpoint(options), { accountName, blobUrl, dfsUrl });
  });
}

Deno.test("SEC-001 toEndpoint() refuses what is no endpoint without repeating it", () => {
  const bad: EndpointOptions[] = [
    {},
    { accountName: "Secret" },
    { accountName: "acct", endpointSuffix: "secret/path" },
    { accountUrl: "secret" },
    { accountUrl: "ftp://secret.example" },
    { accountUrl: "https://acct.blob.core.windows.net/?sig=secret" },
    { accountUrl: "https://user:secret@acct.blob.core.windows.net" },
    { accountName: "acct", dfsUrl: "secret" },
  ];
  for (const options of bad) {
    const error = assertThrows(
      () => toEndpoint(options),
      InvalidArgumentError,
    );
    assert(!error.message.includes("secret"), error.message);
  }
});
