/**
 * Asks @azure/storage-blob what it signs and prints the vectors:
 * `node make_vectors.mjs shared_key > ../../vectors/azure/shared_key.json`, `… sas …`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  BlobSASPermissions,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { ACCOUNT, REQUESTS } from "./requests.mjs";
import { DELEGATION_KEY, KEY, SIGNATURES } from "./signatures.mjs";

/** What the SDK's policy hands to its HMAC. */
function stringToSign({ method, url, headers, length }) {
  const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
  let signed = "";
  credential.computeHMACSHA256 = (text) => (signed = text, "");
  const fields = new Map(Object.entries(headers));
  const date = fields.get("x-ms-date");
  credential.create({}, {}).signRequest({
    method,
    url,
    body: length === 0 ? undefined : Buffer.alloc(length).toString("latin1"),
    headers: {
      get: (name) => fields.get(name.toLowerCase()),
      // It dates requests itself; vectors have a date of their own.
      set: (name, value) =>
        fields.set(
          name.toLowerCase(),
          name.toLowerCase() === "x-ms-date" ? date : String(value),
        ),
      headersArray: () => [...fields].map(([name, value]) => ({ name, value })),
    },
  });
  return signed;
}

function sas({ options, delegation }) {
  const {
    key,
    permissions,
    container,
    starts,
    expires,
    ip,
    allowHttp,
    responseHeaders,
  } = options;
  const Permissions = key === undefined
    ? ContainerSASPermissions
    : BlobSASPermissions;
  const values = {
    containerName: container,
    blobName: key,
    permissions: Permissions.parse(permissions),
    startsOn: starts && new Date(starts),
    expiresOn: new Date(expires),
    ipRange: ip && { start: ip.split("-")[0], end: ip.split("-")[1] },
    protocol: allowHttp ? SASProtocol.HttpsAndHttp : SASProtocol.Https,
    version: "2022-11-02",
    ...responseHeaders,
  };
  const made = delegation
    ? generateBlobSASQueryParameters(values, {
      signedObjectId: DELEGATION_KEY.objectId,
      signedTenantId: DELEGATION_KEY.tenantId,
      signedStartsOn: new Date(DELEGATION_KEY.starts),
      signedExpiresOn: new Date(DELEGATION_KEY.expires),
      signedService: DELEGATION_KEY.service,
      signedVersion: DELEGATION_KEY.version,
      value: DELEGATION_KEY.value,
    }, ACCOUNT)
    : generateBlobSASQueryParameters(
      values,
      new StorageSharedKeyCredential(ACCOUNT, KEY),
    );
  return Object.fromEntries(new URLSearchParams(made.toString()));
}

const made = process.argv[2] === "sas"
  ? {
    account: ACCOUNT,
    key: KEY,
    delegationKey: DELEGATION_KEY,
    rows: SIGNATURES.map((row) => ({ ...row, expected: sas(row) })),
  }
  : {
    account: ACCOUNT,
    rows: REQUESTS.map((row) => ({ ...row, expected: stringToSign(row) })),
  };
process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
