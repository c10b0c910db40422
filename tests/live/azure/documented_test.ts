import { DEVELOPMENT } from "../../../backends/azure/connection_string.ts";
import { createServiceSas } from "../../../backends/azure/sas.ts";
import { SharedKeySignatures } from "../../../backends/azure/shared_key.ts";
import { API_VERSION } from "../../../backends/azure/wire.ts";
import { fromBase64, toHmacKey } from "../../../backends/_http/hmac.ts";
import { DOCUMENTED, type Place } from "../../fakes/azure/documented.ts";
import { accountUrl, createContainer } from "./account.ts";
import { ORIGIN } from "./origin.ts";

const { accountName, accountKey } = DEVELOPMENT;
const KEY = toHmacKey(fromBase64(accountKey) ?? new Uint8Array(0));

/** What the emulator does otherwise than the service's documentation has it. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  [
    "Put Blob discards the blocks that were sent before",
    "Azurite keeps them; the documentation of Put Block says that they go",
  ],
]);

function placeOn(container: string): Place {
  const to = (name: string): Place["ask"] =>
  async (
    method,
    path,
    { query, headers, body } = {},
  ) => {
    const base = `${accountUrl(ORIGIN)}/${name}${path && "/"}${path}`;
    const url = query === undefined ? base : `${base}?${query}`;
    const bytes = body === undefined ? null : new TextEncoder().encode(body);
    const fields: Record<string, string> = {
      "x-ms-date": new Date().toUTCString(),
      "x-ms-version": API_VERSION,
      ...headers,
    };
    const request = { method, url, headers: fields, body: bytes };
    const signatures = new SharedKeySignatures(accountName, KEY);
    fields["authorization"] = signatures.sign(request);
    const response = await fetch(url, { method, headers: fields, body: bytes });
    const code = response.headers.get("x-ms-error-code");
    const text = await response.text();
    return { status: response.status, code, headers: response.headers, text };
  };
  return {
    ask: to(container),
    askNowhere: to("nowhere"),
    source(path) {
      const sas = createServiceSas({
        accountName,
        container,
        key: path,
        permissions: "r",
        expires: new Date(Date.now() + 600_000),
        allowHttp: true,
      }, accountKey);
      return `${accountUrl(ORIGIN)}/${container}/${path}?${sas}`;
    },
  };
}

for (const { name, check } of DOCUMENTED) {
  Deno.test({
    name: `Azurite, as the documentation has it: ${name}`,
    ignore: OTHERWISE.has(name),
    fn: async () => await check(placeOn(await createContainer(ORIGIN))),
  });
}
