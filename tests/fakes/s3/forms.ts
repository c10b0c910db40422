/**
 * POST Object from the reading side, written from its documentation and without the
 * library's own code: a form is taken for what its policy says, and for nothing else.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { answerError, type Arrived, keptHeaders } from "./answers.ts";
import type { Bucket } from "./bucket.ts";
import { type Account, signingKey } from "./signature.ts";

/** Fields that a policy does not name. */
const UNNAMED = ["policy", "x-amz-signature", "file"];

/** Answers a form. */
export async function handleForm(
  arrived: Arrived,
  bucket: Bucket,
  account: Account,
): Promise<Response> {
  const { body, headers, bucketName, service } = arrived;
  const { region, now } = service.options;
  const type = headers.get("content-type") ?? "";
  const form = await new Response(body, { headers: { "content-type": type } })
    .formData();
  const fields = new Map<string, string>([["bucket", bucketName]]);
  let file: Uint8Array<ArrayBuffer> | null = null;
  for (const [name, value] of form) {
    if (file !== null) continue;
    if (name === "file") {
      file = new Uint8Array(await new Response(value).arrayBuffer());
    } else fields.set(name.toLowerCase(), `${value}`);
  }
  const refused = (code: string, status = 403) =>
    answerError(arrived, status, code);
  if (file === null) return refused("InvalidArgument", 400);
  const field = (name: string) => fields.get(name) ?? "";
  const [id, date, scope] = field("x-amz-credential").split("/");
  const signed = createHmac(
    "sha256",
    signingKey(account.secretAccessKey, `${date}`, region),
  ).update(field("policy")).digest("hex");
  if (id !== account.accessKeyId || scope !== region) {
    return refused("InvalidAccessKeyId");
  }
  if (signed !== field("x-amz-signature")) {
    return refused("SignatureDoesNotMatch");
  }
  if ((account.sessionToken ?? "") !== field("x-amz-security-token")) {
    return refused("InvalidToken");
  }
  const policy = JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(atob(field("policy")), (char) => char.charCodeAt(0)),
    ),
  );
  if (!(now() < Date.parse(policy.expiration))) return refused("AccessDenied");
  const named = new Set<string>(UNNAMED);
  for (const condition of policy.conditions) {
    if (Array.isArray(condition)) {
      const [kind, least, most] = condition;
      if (kind !== "content-length-range") {
        return refused("InvalidPolicyDocument", 400);
      }
      if (file.byteLength < least) return refused("EntityTooSmall", 400);
      if (file.byteLength > most) return refused("EntityTooLarge", 400);
      continue;
    }
    for (const [name, value] of Object.entries(condition)) {
      named.add(name.toLowerCase());
      if (field(name.toLowerCase()) !== value) return refused("AccessDenied");
    }
  }
  for (const name of fields.keys()) {
    if (!named.has(name)) return refused("AccessDenied");
  }
  const stored = new Headers();
  for (const [name, value] of fields) {
    if (!/^(?:policy|key|bucket|x-amz-(?!meta-).*)$/.test(name)) {
      stored.set(name, value);
    }
  }
  const tag = service.tagOf(file);
  const key = field("key");
  const { etag } = bucket.put(key, file, keptHeaders(stored), tag);
  return new Response(null, { status: 204, headers: { etag } });
}
