import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DEVELOPMENT,
  parseConnectionString,
} from "../../../backends/azure/connection_string.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";

const NOTHING = { accountKey: null, sasToken: null };

Deno.test("AZ-001 parseConnectionString() builds both endpoints from name, protocol and suffix", () => {
  assertEquals(
    parseConnectionString(
      "DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=a2V5PQ==;EndpointSuffix=core.chinacloudapi.cn",
    ),
    {
      accountName: "acct",
      accountKey: "a2V5PQ==",
      sasToken: null,
      accountUrl: "http://acct.blob.core.chinacloudapi.cn",
      dfsUrl: "http://acct.dfs.core.chinacloudapi.cn",
    },
  );
});

Deno.test("AZ-001 parseConnectionString() takes https and the public cloud where nothing is said", () => {
  const parts = parseConnectionString("AccountName=acct;AccountKey=a2V5;");
  assertEquals(parts.accountUrl, "https://acct.blob.core.windows.net");
});

Deno.test("AZ-001 parseConnectionString() reads a SAS whole, its equals signs too", () => {
  assertEquals(
    parseConnectionString(
      "BlobEndpoint=https://acct.blob.core.windows.net/;SharedAccessSignature=?sv=2022-11-02&sig=a%3D=",
    ),
    {
      ...NOTHING,
      accountName: null,
      sasToken: "sv=2022-11-02&sig=a%3D=",
      accountUrl: "https://acct.blob.core.windows.net/",
      dfsUrl: null,
    },
  );
});

Deno.test("AZ-001 parseConnectionString() knows the development account and its proxy", () => {
  const local = parseConnectionString("UseDevelopmentStorage=true");
  assertEquals(local.accountUrl, "http://127.0.0.1:10000/devstoreaccount1");
  assertEquals(local.accountKey, DEVELOPMENT.accountKey);
  const proxied = parseConnectionString(
    "usedevelopmentstorage=TRUE;DevelopmentStorageProxyUri=http://azurite/",
  );
  assertEquals(proxied.accountUrl, "http://azurite:10000/devstoreaccount1");
});

Deno.test("SEC-001 parseConnectionString() refuses without repeating what it was given", () => {
  for (const text of ["secret", "=secret", "AccountKey=secret", ";;"]) {
    const error = assertThrows(
      () => parseConnectionString(text),
      InvalidArgumentError,
    );
    assert(!error.message.includes("secret"), error.message);
  }
});
