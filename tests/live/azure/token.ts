/**
 * Bearer tokens that the emulator takes: it reads their claims and checks no signature.
 *
 * @module
 */

const base64Url = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");

/** Returns a token of nobody. */
export function fakeToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: "https://storage.azure.com",
    iss: "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
    iat: now - 60,
    nbf: now - 60,
    exp: now + 3600,
    oid: "9f6e2c1a-3b4d-4e5f-8a9b-0c1d2e3f4a5b",
    tid: "72f988bf-86f1-41af-91ab-2d7cd011db47",
  };
  const header = { alg: "RS256", typ: "JWT" };
  return `${base64Url(header)}.${base64Url(claims)}.c2ln`;
}
