import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  containerNotFound,
  InvalidArgumentError,
  NotFoundError,
  PreconditionFailedError,
  type RemoteStoreError,
  RemoteStoreError as Base,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  type Call,
  CallerFailure,
  cross,
  hold,
  toOutside,
} from "../../core/boundary.ts";
import { Mount } from "../../core/mount.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";

const mount = new Mount(new MemoryBackend(), "data", false);

function call(given: Partial<Call> = {}): Call {
  return {
    mount,
    action: "copy",
    path: "a",
    target: "b",
    signal: undefined,
    ...given,
  };
}

const outside = (error: unknown, given?: Partial<Call>) =>
  toOutside(error, call(given)) as RemoteStoreError;

Deno.test("ERR-009 a blank message becomes a sentence with action and path", () => {
  const write = { action: "write", path: "a.txt" };
  const outside = (error: unknown, given: Partial<Call>) =>
    toOutside(error, {
      mount,
      action: "write",
      path: "a.txt",
      signal: undefined,
      ...given,
    }) as RemoteStoreError;
  assertEquals(
    outside(new AlreadyExistsError(), write).message,
    'Cannot write "a.txt": it exists and overwrite is false',
  );
  assertEquals(
    outside(new NotFoundError(), write).message,
    'Cannot write "a.txt": it does not exist',
  );
  assertEquals(
    outside(new Base(), write).message,
    'Cannot write "a.txt": the operation failed',
  );
  assertEquals(
    outside(null, write).message,
    'Cannot write "a.txt": the backend failed',
  );
  assertEquals(
    outside(new Error(" "), { ...write, path: null }).message,
    "Cannot write: the backend failed",
  );
  assertEquals(
    outside(new TypeError("reset"), write).message,
    'Cannot write "a.txt": the backend failed: reset',
  );
});

Deno.test("ERR-003 a conflict is about the destination, a miss about the source", () => {
  const conflict = outside(new AlreadyExistsError());
  assertEquals([conflict.path, conflict.message], [
    "b",
    'Cannot copy "a" to "b": it exists and overwrite is false',
  ]);
  assertEquals(outside(new PreconditionFailedError()).path, "b");
  assertEquals(outside(new NotFoundError()).path, "a");
});

Deno.test("Q6 a key that the backend names becomes the store's path", () => {
  assertEquals(
    outside(new NotFoundError("x", { path: "data/deep/er" })).path,
    "deep/er",
  );
  assertEquals(outside(new NotFoundError("x", { path: "data" })).path, ".");
});

Deno.test("BE-021 a complete error passes as the same object", () => {
  const error = new NotFoundError("x", { path: "p", backend: "other" });
  assertStrictEquals(outside(error), error);
});

Deno.test("SIO-005 an abort outranks everything, by the signal alone", () => {
  const reason = { mine: true };
  const signal = AbortSignal.abort(reason);
  for (
    const error of [
      new NotFoundError(),
      new InvalidArgumentError("x"),
      new CallerFailure("y"),
      null,
    ]
  ) {
    assertStrictEquals(toOutside(error, call({ signal })), reason);
  }
  const named = new DOMException("x", "AbortError");
  assertInstanceOf(outside(named), Base);
  assertStrictEquals(outside(named).cause, named);
});

Deno.test("BE-021 the caller's own failures pass as they are", () => {
  assertEquals(toOutside(new CallerFailure(undefined), call()), undefined);
  const error = new InvalidArgumentError("x");
  assertStrictEquals(toOutside(error, call()), error);
});

Deno.test("BE-020 after a terminal close every failure is the close", async () => {
  const backend = new FailingBackend({ closeIsTerminal: true });
  await new Store({ backend }).close();
  const closing = new Mount(backend, "", false);
  const error = toOutside(new NotFoundError(), call({ mount: closing }));
  assertInstanceOf(error, BackendUnavailableError);
  const reason = new CallerFailure("mine");
  assertEquals(toOutside(reason, call({ mount: closing })), "mine");
});

Deno.test("cross() maps what is thrown at once and what is rejected later", async () => {
  const boom = new TypeError("boom");
  for (
    const work of [
      () => {
        throw boom;
      },
      () => Promise.reject(boom),
    ]
  ) {
    const error = await assertRejects(() => cross(call(), work), Base, "boom");
    assertStrictEquals(error.cause, boom);
  }
  assertEquals(await cross(call(), () => Promise.resolve(5)), 5);
});

Deno.test("cross() with an aborted signal does no work", async () => {
  let worked = false;
  const work = () => {
    worked = true;
    return Promise.resolve();
  };
  const result = cross(call({ signal: AbortSignal.abort(null) }), work);
  assertEquals(await result.catch((reason) => [reason]), [null]);
  assertEquals(worked, false);
});

Deno.test("hold() gives the caller's signal where no close can end the call", () => {
  const { signal } = new AbortController();
  assertStrictEquals(hold(call({ signal })).signal, signal);
  assertEquals(hold(call()).signal, undefined);
});

Deno.test("hold() gives each call a signal of its own, until the call lets go", () => {
  const closing = new Mount(
    new FailingBackend({ closeIsTerminal: true }),
    "",
    false,
  );
  const caller = new AbortController();
  const { signal } = caller;
  const held = [1, 2, 3, 4].map(() => hold(call({ mount: closing, signal })));
  assertEquals(new Set([signal, ...held.map((one) => one.signal)]).size, 5);
  held[0]!.release();
  caller.abort("enough");
  held[1]!.release();
  const reasons = held.map((one) => one.signal!.aborted && one.signal!.reason);
  assertEquals(reasons, [false, "enough", "enough", "enough"]);
  assertEquals(closing.lifecycle.calls!.size, 2);
  const other = hold(call({ mount: closing }));
  closing.shut();
  assertEquals(other.signal!.aborted, true);
  assertEquals(hold(call({ mount: closing })).signal!.aborted, true);
});

Deno.test("ABSENT-002 an absent container passes a second boundary as it is", () => {
  const cause = new TypeError("404");
  const first = outside(
    containerNotFound("the bucket does not exist", { cause }),
  );
  assertEquals([first.path, first.backend], [null, "memory"]);
  assertEquals(
    first.message,
    'Cannot copy "a": the bucket does not exist',
  );
  assertStrictEquals(first.cause, cause);
  assertStrictEquals(outside(first), first);
});

Deno.test("LEASE-003 hold() gives a call that hands out a stream a signal of its own", () => {
  const { signal } = new AbortController();
  const held = hold(call({ signal }), true);
  assertEquals(held.signal === signal, false);
  assertEquals(hold(call(), true).signal, undefined);
  const aborted = hold(call({ signal: AbortSignal.abort("enough") }), true);
  assertEquals(aborted.signal!.reason, "enough");
});

Deno.test("LEASE-003 what is entrusted still hears the caller and the close, and can be released", () => {
  const closing = new Mount(
    new FailingBackend({ closeIsTerminal: true }),
    "",
    false,
  );
  const caller = new AbortController();
  const { signal } = caller;
  const owners = [{}, {}, {}];
  const held = owners.map((owner) => {
    const one = hold(call({ mount: closing, signal }), true);
    one.entrust(owner);
    return one;
  });
  assertEquals(closing.lifecycle.calls!.size, 3);
  held[0]!.release();
  assertEquals(closing.lifecycle.calls!.size, 2);
  caller.abort("enough");
  const reasons = held.map((one) => one.signal!.aborted && one.signal!.reason);
  assertEquals(reasons, [false, "enough", "enough"]);
  const other = hold(call({ mount: closing }), true);
  other.entrust(owners);
  closing.shut();
  assertEquals(other.signal!.aborted, true);
});
