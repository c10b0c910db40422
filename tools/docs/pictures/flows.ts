/**
 * Pure: the flows that the pages show.
 *
 * @module
 */
import type { Flow } from "./sequence.ts";

/** A stream that becomes an object of S3 in parts. */
export const MULTIPART: Flow = {
  title: "A stream is committed in parts",
  actors: ["Your code", "Store", "S3 backend", "S3"],
  steps: [
    { from: "Your code", to: "Store", says: "write(path, stream)" },
    { at: "Store", does: "checks path, options and capabilities" },
    { from: "Store", to: "S3 backend", says: "key, counted body, condition" },
    {
      at: "S3 backend",
      does: "takes the first part; a stream that ends in it is one PUT",
    },
    { from: "S3 backend", to: "S3", says: "CreateMultipartUpload" },
    { from: "S3", to: "S3 backend", answers: "the upload's name" },
    { from: "S3 backend", to: "S3", says: "UploadPart 1 … n, a few at once" },
    { from: "S3", to: "S3 backend", answers: "ETag of each part" },
    { at: "Store", does: "the source has ended: size and check are compared" },
    {
      from: "S3 backend",
      to: "S3",
      says: "CompleteMultipartUpload, If-None-Match: *",
    },
    {
      from: "S3",
      to: "S3 backend",
      answers: "ETag, or 412: somebody was first",
    },
    {
      at: "S3 backend",
      does:
        "no answer: looks for what only this upload leaves; without proof it is in doubt",
    },
    {
      from: "S3 backend",
      to: "S3",
      says: "AbortMultipartUpload, if anything failed",
    },
    { from: "S3 backend", to: "Store", answers: "what the answer said" },
    { from: "Store", to: "Your code", answers: "WriteResult" },
  ],
};

/** A page that writes with a signature of a server's. */
export const SIGNING: Flow = {
  title: "A page writes without a secret",
  actors: ["Page", "Your server", "S3"],
  steps: [
    {
      from: "Page",
      to: "Your server",
      says: "may I write photos/a.png, 2 MB?",
    },
    { at: "Your server", does: "root and authorize decide, file by file" },
    { at: "Your server", does: "builds the request anew, and compares it" },
    {
      from: "Your server",
      to: "Page",
      answers: "signature, for minutes; a ticket, for parts",
    },
    { from: "Page", to: "S3", says: "the bytes, with the signature" },
    { from: "S3", to: "Page", answers: "ETag of each part" },
    {
      from: "Page",
      to: "Your server",
      says: "the end of the upload, with the ticket",
    },
    {
      at: "Your server",
      does: 'complete: "here" adds up the parts that S3 lists',
    },
    { from: "Your server", to: "S3", says: "completes, or throws away" },
    { from: "S3", to: "Your server", answers: "ETag" },
    { at: "Your server", does: "onWritten: your database" },
    { from: "Your server", to: "Page", answers: "ETag" },
  ],
};

/** A file that becomes visible in IndexedDB. */
export const INDEXEDDB: Flow = {
  title: "A file is committed to IndexedDB",
  actors: ["Your code", "Backend", "Database", "Other tab"],
  steps: [
    { from: "Your code", to: "Backend", says: "write(path, stream)" },
    {
      from: "Backend",
      to: "Database",
      says: "a lease, and parts as they come",
    },
    { at: "Database", does: "parts are invisible: no path leads to them" },
    { from: "Other tab", to: "Database", says: "read(path)" },
    { from: "Database", to: "Other tab", answers: "the old file, or none" },
    {
      from: "Backend",
      to: "Database",
      says:
        "one transaction, strict: condition, count of parts, entry, lease away",
    },
    { from: "Database", to: "Backend", answers: "complete" },
    {
      at: "Backend",
      does: "the connection was lost: looks whether the lease is still there",
    },
    { from: "Backend", to: "Your code", answers: "WriteResult" },
    { from: "Other tab", to: "Database", says: "read(path)" },
    { from: "Database", to: "Other tab", answers: "the new file" },
    {
      at: "Backend",
      does: "killed before the end: the next start sweeps what no lease holds",
    },
  ],
};
