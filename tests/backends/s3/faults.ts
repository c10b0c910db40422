/**
 * Uploads that fail in each of their phases, and what must be left of them: nothing.
 *
 * @module
 */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Fetch, S3Options } from "../../../backends/s3/mod.ts";
import { isRemoteStoreError, type Store } from "../../../mod.ts";
import { errorXml } from "../../fakes/s3/answers.ts";
import { source } from "./setup.ts";

const MIB = 1024 * 1024;
const LONG = 21 * MIB;
const BROKEN = new Error("the source broke");
const ENOUGH = { why: "enough" };

/** A request as a fault sees it. */
interface Seen {
  readonly line: string;
  /** Sends it on. */
  readonly next: () => Promise<Response>;
  /** Aborts the write. */
  readonly abort: () => void;
}

/** One way to fail. */
export interface Failure {
  /** What happens, as the end of a test's name. */
  readonly name: string;
  /** Answers in the service's place; `null` lets a request pass. */
  readonly fault: (seen: Seen) => Promise<Response> | null;
  /** Where the source breaks. */
  readonly breaksAt?: number;
  /** The code of the error; an abort's reason or the source's own error where missing. */
  readonly code?: string;
}

const isOpening = (line: string) => line.endsWith("uploads=");
const isPart = (line: string) => line.includes("partNumber=2");
const isComplete = (line: string) => /^POST .*uploadId=/.test(line);

const reset = () => Promise.reject(new TypeError("connection reset"));

const answer = (status: number, code: string) => () =>
  Promise.resolve(new Response(errorXml(code), { status }));

const abortThenSend = async ({ abort, next }: Seen) => {
  abort();
  return await next();
};

const sendThenAbort = async ({ abort, next }: Seen) => {
  const response = await next();
  abort();
  return response;
};

const loseAnswer = async ({ next }: Seen) => {
  await (await next()).body?.cancel();
  return await reset();
};

const PHASES = [
  ["the opening", isOpening],
  ["a part", isPart],
  ["Complete", isComplete],
] as const;

function at(
  phase: (line: string) => boolean,
  fault: (seen: Seen) => Promise<Response>,
): Failure["fault"] {
  return (seen) => phase(seen.line) ? fault(seen) : null;
}

/** All of them. */
export const FAILURES: readonly Failure[] = [
  {
    name: "the source breaks within a part",
    fault: () => null,
    breaksAt: 17 * MIB,
  },
  ...PHASES.flatMap(([name, phase]) => [
    {
      name: `the connection breaks at ${name}`,
      fault: at(phase, reset),
      code: "BackendUnavailable",
    },
    {
      name: `${name} is refused three times`,
      fault: at(phase, answer(503, "SlowDown")),
      code: "BackendUnavailable",
    },
    {
      name: `${name} is denied`,
      fault: at(phase, answer(403, "AccessDenied")),
      code: "PermissionDenied",
    },
    {
      name: `${name} is answered 200 with an error`,
      fault: at(phase, answer(200, "AccessDenied")),
      // A part's answer has no content: what has some is no answer.
      code: phase === isPart ? "BackendUnavailable" : "PermissionDenied",
    },
    {
      name: `an abort comes before ${name}`,
      fault: at(phase, abortThenSend),
    },
  ]),
  {
    name: "Complete is answered 200 with nothing",
    fault: at(isComplete, () => Promise.resolve(new Response("  \n"))),
    code: "BackendUnavailable",
  },
  {
    name: "an abort comes behind the opening",
    fault: at(isOpening, sendThenAbort),
  },
  {
    name: "an abort comes behind a part",
    fault: at(isPart, sendThenAbort),
  },
  {
    name: "the answers to a part are lost",
    fault: at(isPart, loseAnswer),
    code: "BackendUnavailable",
  },
];

/** Where an upload is tried. */
export interface Place {
  /** Sends to the service. */
  readonly fetch: Fetch;
  /** Opens a store over an empty bucket. */
  open(options: Partial<S3Options>): Store;
  /** The keys of ListMultipartUploads. */
  openUploads(): Promise<readonly string[]>;
}

/** Runs a write that must fail, and checks each clause of what it owes. */
export async function leavesNothing(
  { name, fault, breaksAt, code }: Failure,
  place: Place,
  concurrency: number,
): Promise<void> {
  const stop = new AbortController();
  const given = source(
    LONG,
    breaksAt === undefined ? undefined : { at: breaksAt, error: BROKEN },
  );
  let pending = 0;
  let sent = 0;
  const unhandled: unknown[] = [];
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  const fetch: Fetch = async (url, init) => {
    sent++;
    pending++;
    try {
      const next = () => place.fetch(url, init);
      const line = `${init.method} ${url}`;
      const abort = () => stop.abort(ENOUGH);
      return await (fault({ line, next, abort }) ?? next());
    } finally {
      pending--;
    }
  };
  const store = place.open({ fetch, concurrency });
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  try {
    const call = store.write("a.bin", given.stream, { signal: stop.signal });
    const error = await call.then(() => null, (error: unknown) => error);
    assert(error !== null, `${name}: the write succeeded`);
    const requests = sent;
    assertEquals(pending, 0, "a request is in flight after the call");
    await new Promise((resolve) => setTimeout(resolve, 30));
    assertEquals(sent, requests, "a request was sent after the call");
    assertEquals(unhandled, []);
    if (code !== undefined) {
      assert(isRemoteStoreError(error), `${error}`);
      assertEquals(error.code, code);
    } else {
      assertStrictEquals(error, breaksAt === undefined ? ENOUGH : BROKEN);
    }
    const [first] = given.cancelled;
    if (stop.signal.aborted) {
      assertEquals(given.ended || first === ENOUGH, true);
    } else if (breaksAt === undefined) {
      assert(given.ended || given.cancelled.length === 1, "was not cancelled");
    }
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUnhandled);
  }
  assertEquals(await place.openUploads(), []);
  assertEquals(await place.open({}).exists("a.bin"), false);
}
