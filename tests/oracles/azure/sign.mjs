/**
 * Signs the requests on standard input with @azure/storage-blob's shared key, and prints
 * their `Authorization`: `node sign.mjs account key < requests.json`.
 *
 * @module
 */
import process from "node:process";
import { text } from "node:stream/consumers";
import { StorageSharedKeyCredential } from "@azure/storage-blob";

const [account, key] = process.argv.slice(2);
const policy = new StorageSharedKeyCredential(account, key).create({}, {});

function authorize({ method, url, headers, length }) {
  const fields = new Map(Object.entries(headers));
  const date = fields.get("x-ms-date");
  policy.signRequest({
    method,
    url,
    body: length === 0 ? undefined : "x".repeat(length),
    headers: {
      get: (name) => fields.get(name.toLowerCase()),
      // It dates requests itself; these have a date of their own.
      set: (name, value) => {
        const lower = name.toLowerCase();
        fields.set(lower, lower === "x-ms-date" ? date : String(value));
      },
      headersArray: () => [...fields].map(([name, value]) => ({ name, value })),
    },
  });
  return fields.get("authorization");
}

const requests = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(requests.map(authorize)));
