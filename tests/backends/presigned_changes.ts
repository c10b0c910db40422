/**
 * What comes of a signed request that its sender changes: one table for the tests of each
 * service and for the pages. Every change is first left out, so that a refusal is of the
 * change and of nothing else.
 *
 * @module
 */
import type {
  PresignedRequest,
  PresignOptions,
} from "../../core/presigning.ts";
import { ContentDigest, isRemoteStoreError, type Store } from "../../mod.ts";
import { createHash } from "node:crypto";
import { type Send, statusOf } from "./presigned.ts";

/** The services that are asked. */
export type Service = "s3" | "ceph" | "generic" | "azure";

/** What a service does with a change; `"none"` where `presign` refuses to ask for the limit. */
export type Outcome = "held" | "open" | "none";

type Sent = readonly [signed: PresignedRequest, body?: string];

/** One change. */
export interface Change {
  /** What the sender changes. */
  readonly change: string;
  readonly options: PresignOptions;
  /** The content that is taken. */
  readonly body?: string;
  /** Whether a file is there. */
  readonly isThere?: boolean;
  /** Returns the requests that are sent in place of the signed one. */
  readonly changed: (signed: PresignedRequest) => readonly Sent[];
  readonly outcomes: Readonly<Record<Service, Outcome>>;
}

const CONTENT = "abc";
const OTHER = "abd";

const md5 = (text: string) => createHash("md5").update(text);

const PUT: PresignOptions = { method: "PUT", overwrite: true };
const POST: PresignOptions = { method: "POST", overwrite: true };

const everywhere = {
  s3: "held",
  ceph: "held",
  generic: "held",
  azure: "held",
} as const;
const byHeader = { ...everywhere, azure: "open" } as const;
const onS3 = { ...everywhere, azure: "none" } as const;
const nowhere = {
  s3: "open",
  ceph: "open",
  generic: "open",
  azure: "open",
} as const;
// What more than a signature is needed for is asked of no service that is not known.
const unknown = { generic: "none" } as const;

const withFields = (
  signed: PresignedRequest,
  change: (name: string) => string | null,
): PresignedRequest => {
  const part = signed.fields === null ? "headers" : "fields";
  const fields = Object.entries(signed[part] ?? {}).flatMap(([name, value]) => {
    const changed = change(name);
    return changed === null ? [] : [[name, changed || value]];
  });
  return { ...signed, [part]: Object.fromEntries(fields) };
};

/** Another value of a field, whose name ends so, and none. */
const without = (end: string, other: string) => (signed: PresignedRequest) =>
  [other, null].map((value): Sent => [
    withFields(signed, (name) => name.endsWith(end) ? value : ""),
    CONTENT,
  ]);

/** The changes. */
export const CHANGES: readonly Change[] = [
  {
    change: "`PUT`: more bytes than `contentLength`, or fewer",
    options: { ...PUT, contentLength: 3 },
    body: CONTENT,
    changed: (signed) => [[signed, "ab"], [signed, "abcd"]],
    outcomes: onS3,
  },
  {
    change: "`PUT`: another `contentType`, or none",
    options: { ...PUT, contentType: "text/csv" },
    body: CONTENT,
    changed: without("content-type", "text/plain"),
    outcomes: byHeader,
  },
  {
    change: "`PUT`: a type where none was signed",
    options: PUT,
    body: CONTENT,
    changed: (signed) => [[{
      ...signed,
      headers: { ...signed.headers, "content-type": "text/plain" },
    }, CONTENT]],
    outcomes: nowhere,
  },
  {
    change: "`PUT`: another `cacheControl`, or none",
    options: { ...PUT, cacheControl: "no-store" },
    body: CONTENT,
    changed: without("cache-control", "no-cache"),
    outcomes: byHeader,
  },
  {
    change: "`PUT`: another value of `metadata`, or none",
    options: { ...PUT, metadata: { by: "ada" } },
    body: CONTENT,
    changed: without("-meta-by", "bob"),
    outcomes: byHeader,
  },
  {
    change: "`PUT`: another content than `digest`",
    options: {
      ...PUT,
      digest: new ContentDigest("md5", md5(CONTENT).digest("hex")),
    },
    body: CONTENT,
    changed: (signed) => [[signed, OTHER]],
    outcomes: { ...everywhere, ...unknown },
  },
  {
    change: "`PUT`: another content, with another `digest`",
    options: {
      ...PUT,
      digest: new ContentDigest("md5", md5(CONTENT).digest("hex")),
    },
    body: CONTENT,
    changed: (signed) => [[
      withFields(
        signed,
        (name) => name === "content-md5" ? md5(OTHER).digest("base64") : "",
      ),
      OTHER,
    ]],
    outcomes: { ...byHeader, ...unknown },
  },
  {
    change: "`PUT` that creates: the file is there",
    options: { method: "PUT" },
    body: CONTENT,
    isThere: true,
    changed: (signed) => [[signed, OTHER]],
    outcomes: { ...everywhere, ...unknown },
  },
  {
    change:
      "`PUT` that creates: the file is there, and no header field is sent",
    options: { method: "PUT", contentType: "text/csv" },
    body: CONTENT,
    isThere: true,
    changed: (
      signed,
    ) => [[
      withFields(signed, (name) => name === "x-ms-blob-type" ? "" : null),
      OTHER,
    ]],
    outcomes: { ...everywhere, ...unknown },
  },
  {
    change: "`GET`: sent as `DELETE`",
    options: {},
    isThere: true,
    changed: (signed) => [[{ ...signed, method: "DELETE" }]],
    outcomes: everywhere,
  },
  {
    change: "`GET`: sent as `HEAD`",
    options: {},
    isThere: true,
    changed: (signed) => [[{ ...signed, method: "HEAD" }]],
    outcomes: byHeader,
  },
  {
    change: "`GET`: a range of the file",
    options: {},
    isThere: true,
    changed: (signed) => [[{
      ...signed,
      headers: { ...signed.headers, range: "bytes=0-1" },
    }]],
    outcomes: nowhere,
  },
  {
    change: "`GET`: another `response`",
    options: { response: { contentType: "text/csv" } },
    isThere: true,
    changed: (signed) => [[{
      ...signed,
      url: signed.url.replace("text%2Fcsv", "text%2Fplain"),
    }]],
    outcomes: everywhere,
  },
  {
    change: "the path",
    options: {},
    isThere: true,
    changed: (signed) => [[{
      ...signed,
      url: signed.url.replace(".txt", ".csv"),
    }]],
    outcomes: everywhere,
  },
  {
    change: "`POST`: more bytes than `contentLength.max`, or fewer than `min`",
    options: { ...POST, contentLength: { min: 2, max: 4 } },
    body: CONTENT,
    changed: (signed) => [[signed, "a"], [signed, "abcde"]],
    outcomes: { ...onS3, ...unknown },
  },
  {
    change: "`POST`: another `contentType`, or none",
    options: { ...POST, contentType: "text/csv" },
    body: CONTENT,
    changed: without("content-type", "text/plain"),
    outcomes: { ...onS3, ...unknown },
  },
  {
    change: "`POST`: another path",
    options: POST,
    body: CONTENT,
    changed: (signed) => [[
      withFields(signed, (name) => name === "key" ? "other.txt" : ""),
      CONTENT,
    ]],
    outcomes: { ...onS3, ...unknown },
  },
];

type Presign = (
  store: Store,
  path: string,
  options: PresignOptions,
) => Promise<PresignedRequest>;

/** Sends every change, and returns what came of each, by the name of the change. */
export async function outcomesOf(
  store: Store,
  presign: Presign,
  send: Send,
): Promise<Record<string, Outcome | string>> {
  const found: Record<string, Outcome | string> = {};
  for (const [index, change] of CHANGES.entries()) {
    found[change.change] = await outcomeOf(
      store.child(`change ${index}`),
      presign,
      send,
      change,
    );
  }
  return found;
}

async function outcomeOf(
  store: Store,
  presign: Presign,
  send: Send,
  { options, body, isThere = false, changed }: Change,
): Promise<Outcome | string> {
  const path = "a b+ü.txt";
  try {
    await presign(store, path, options);
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    return error.code === "CapabilityNotSupported" ? "none" : error.message;
  }
  const creates = options.method === "PUT" && !options.overwrite;
  const clean = async () => {
    await store.delete(path, { missingOk: true });
    if (isThere) await store.write(path, CONTENT);
  };
  // As it is signed, it is taken: on another path, where it creates.
  const asIs = creates ? "new.txt" : path;
  if (isThere) await store.write(path, CONTENT);
  const signed = await presign(store, asIs, options);
  const status = await statusOf(send, signed, body);
  if (status >= 300) return `as it was signed: ${status}`;
  const outcomes = new Set<string>();
  for (const [sent, content] of changed(await presign(store, path, options))) {
    await clean();
    const refused = await statusOf(send, sent, content) >= 300;
    const stands = await store.exists(path) ? await store.readText(path) : null;
    const untouched = stands === (isThere ? CONTENT : null);
    if (refused && !untouched) return "refused, and something was changed";
    outcomes.add(refused ? "held" : "open");
  }
  return outcomes.size === 1 ? [...outcomes].join() : "now this, now that";
}

/** Returns what a service is expected to do, by the name of the change. */
export function expectedOf(service: Service): Record<string, Outcome> {
  return Object.fromEntries(
    CHANGES.map(({ change, outcomes }) => [change, outcomes[service]]),
  );
}
