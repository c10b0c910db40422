// Kernel proof: whatever a backend throws, wherever it throws it, a caller sees this
// library's errors with path and backend, and no secret.
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  fail,
} from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  DirectoryNotEmptyError,
  IntegrityError,
  InvalidArgumentError,
  InvalidPathError,
  isRemoteStoreError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  QuotaExceededError,
  RemoteStoreError,
  ResourceLockedError,
  Store,
} from "../../mod.ts";
import type { FailingBackend, Fault, Point } from "../fakes/failing_backend.ts";
import { fixture, type Method, methodsOf, NAMESPACES } from "./every_method.ts";

/** Looks like a signature wherever it turns up. */
const SECRET = "5ecre7";

const TYPED = [
  RemoteStoreError,
  NotFoundError,
  AlreadyExistsError,
  PreconditionFailedError,
  PermissionDeniedError,
  InvalidPathError,
  CapabilityNotSupportedError,
  DirectoryNotEmptyError,
  ResourceLockedError,
  BackendUnavailableError,
  IntegrityError,
  QuotaExceededError,
];

function cyclic(): Error {
  const error = new Error("goes round");
  error.cause = error;
  return error;
}

/** What no class of ours is, and how a test names it. */
const FOREIGN: readonly (readonly [name: string, value: unknown])[] = [
  ["a TypeError", new TypeError("Failed to fetch")],
  ["an AbortError that nobody asked for", new DOMException("x", "AbortError")],
  ["a quota DOMException", new DOMException("full", "QuotaExceededError")],
  ["a blank Error", new Error("")],
  ["an Error without a text", Object.assign(new Error("x"), { message: 42 })],
  ["an Error that causes itself", cyclic()],
  ["a string", "broken"],
  ["a string with a URL", `GET https://b.example/k?sig=${SECRET}`],
  ["null", null],
  ["undefined", undefined],
  ["a number", 404],
  ["an object", { status: 500 }],
  ["an Error with a presigned URL", presigned()],
  ["an Error caused by one", new Error("outer", { cause: presigned() })],
  [
    "a typed Error with a presigned URL",
    new NotFoundError(presigned().message),
  ],
  ["an AggregateError of one", new AggregateError([presigned()], "all failed")],
  [
    "an Error with a URL beside it",
    Object.assign(new Error("x"), { url: presigned().message }),
  ],
];

function presigned(): Error {
  const key = encodeURIComponent("it's (1).csv");
  return new Error(
    `GET https://user:${SECRET}@b.example/${key}?X-Amz-Signature=${SECRET} failed`,
  );
}

/** Breaks a method at one of the points that it reaches and returns what its caller gets. */
async function broken(
  namespace: "flat" | "hierarchical",
  method: Method,
  point: Point,
  nth: number,
  fault: Fault,
): Promise<{ error: unknown; backend: FailingBackend } | null> {
  const { store, backend } = await fixture({ namespace });
  backend.fail(point, fault, nth);
  try {
    await method.run(store);
    return null;
  } catch (error) {
    return { error, backend };
  }
}

/** Every point that a method reaches on the fixture, with how often. */
async function pointsOf(
  namespace: "flat" | "hierarchical",
  method: Method,
): Promise<[Point, number][]> {
  const { store, backend } = await fixture({ namespace });
  await method.run(store);
  const counts = new Map<Point, number>();
  return backend.calls.map((point) => {
    const nth = (counts.get(point) ?? 0) + 1;
    counts.set(point, nth);
    return [point, nth];
  });
}

function assertComplete(error: unknown, method: Method, where: string): void {
  if (!isRemoteStoreError(error)) fail(`${where}: ${Deno.inspect(error)}`);
  const onFailingBackend = error.backend === "failing";
  assert(onFailingBackend, `${where}: the backend is ${error.backend}`);
  const { path } = error;
  const placed = method.path === null ? path === null : path !== null;
  assert(placed, `${where}: the path is ${path}`);
  assert(error.message.trim() !== "", `${where}: the message is blank`);
  const shown = `${Deno.inspect(error, { depth: 9 })} ${error.stack} ${error}`;
  assert(!shown.includes(SECRET), `${where}: a secret shows: ${shown}`);
}

for (const namespace of NAMESPACES) {
  for (const method of methodsOf(namespace)) {
    const title = `${method.name} on a ${namespace} backend`;

    Deno.test(`BE-021 ${title} reports every foreign failure at every point`, async () => {
      const points = await pointsOf(namespace, method);
      assert(points.length > 0, "it asks the backend something");
      for (const [point, nth] of points) {
        for (const [name, value] of FOREIGN) {
          for (const fault of [{ reject: value }, { throws: value }]) {
            const where = `${title}, ${name} at ${point} ${nth}`;
            const result = await broken(namespace, method, point, nth, fault);
            if (result === null) {
              // Gone by somebody else's hand, which is what was wanted.
              const gone = point === "delete" &&
                method.name === "deleteFolder" && isRemoteStoreError(value);
              assert(gone, `${where}: it was swallowed`);
              continue;
            }
            assertComplete(result.error, method, where);
          }
        }
      }
    });

    Deno.test(`BE-021 ${title} keeps every class of ours at every point`, async () => {
      for (const [point, nth] of await pointsOf(namespace, method)) {
        for (const Class of TYPED) {
          const cause = new TypeError("the wire");
          const where = `${title}, ${Class.name} at ${point} ${nth}`;
          const fault = { reject: new Class(undefined, { cause }) };
          const result = await broken(namespace, method, point, nth, fault);
          if (result === null) {
            assertEquals([method.name, point, Class], [
              "deleteFolder",
              "delete",
              NotFoundError,
            ]);
            continue;
          }
          const { error } = result;
          assertComplete(error, method, where);
          assertInstanceOf(error, RemoteStoreError);
          if (method.name === "move" && point === "delete") {
            // What happened is that both exist; why the delete failed is the cause.
            assertEquals(error.code, "RemoteStoreError", where);
            assertInstanceOf(error.cause, Class, where);
          } else {
            assertInstanceOf(error, Class, where);
            assertStrictEquals(error.cause, cause, where);
          }
        }
      }
    });

    Deno.test(`SIO-001 ${title} leaves no body open after a failure`, async () => {
      for (const [point, nth] of await pointsOf(namespace, method)) {
        const fault = { reject: new TypeError("the wire") };
        const result = await broken(namespace, method, point, nth, fault);
        for (const body of result?.backend.bodies ?? []) {
          assert(body.state !== "open", `${title} at ${point} ${nth}`);
        }
      }
    });
  }
}

Deno.test("BE-021 a foreign error is the cause, as it was thrown", async () => {
  for (const [, value] of FOREIGN.slice(0, 2)) {
    const { store, backend } = await fixture();
    backend.fail("stat", { reject: value });
    const error = await assertRejects(
      () => store.getFileInfo("data/a.txt"),
      RemoteStoreError,
    );
    assertStrictEquals(error.cause, value);
    assertEquals(error.code, "RemoteStoreError");
  }
});

Deno.test("BE-021 an argument error of the backend passes as it is", async () => {
  const { store, backend } = await fixture();
  const refusal = new InvalidArgumentError("Cannot store the key a-b");
  backend.fail("write", { reject: refusal });
  assertStrictEquals(
    await store.write("x", "y").catch((error) => error),
    refusal,
  );
});

Deno.test("BE-021 the error's path is the store's, not the backend's", async () => {
  const { store, backend } = await fixture();
  const child = store.child("data");
  backend.fail("stat", { reject: new PermissionDeniedError() });
  const error = await assertRejects(
    () => child.getFileInfo("sub//b.txt"),
    PermissionDeniedError,
    'Cannot look up "sub/b.txt": access is denied',
  );
  assertEquals([error.path, error.backend], ["sub/b.txt", "failing"]);
  backend.fail("stat", {
    reject: new PermissionDeniedError("no", { path: "data/sub" }),
  });
  const told = await assertRejects(
    () => child.exists("sub/b.txt"),
    PermissionDeniedError,
  );
  assertEquals(told.path, "sub");
});

Deno.test("BE-021 one error object thrown for several calls is not changed", async () => {
  const { store, backend } = await fixture();
  const shared = new BackendUnavailableError();
  backend.fail("stat", { reject: shared }, 1);
  backend.fail("stat", { reject: shared }, 2);
  const results = await Promise.allSettled([
    store.exists("one"),
    store.exists("two"),
  ]);
  const paths = results.map((r) => r.status === "rejected" && r.reason.path);
  assertEquals(paths, ["one", "two"]);
  assertEquals([shared.path, shared.backend], [null, null]);
});

Deno.test("BE-021 an error that names a backend still gets a path", async () => {
  const { store, backend } = await fixture();
  backend.fail("stat", {
    reject: new NotFoundError("gone", { backend: "wire" }),
  });
  const error = await assertRejects(() => store.exists("a"), NotFoundError);
  assertEquals(error.path, "a");
});

Deno.test("BE-021 what close meets is reported too", async () => {
  for (const [name, value] of FOREIGN) {
    const { store, backend } = await fixture();
    backend.fail("close", { reject: value });
    try {
      await store.close();
      fail(`${name} was swallowed`);
    } catch (error) {
      assertComplete(error, {
        name: "close",
        path: null,
        run: () => store.close(),
      }, name);
    }
  }
});

Deno.test("SIO-012 a chunk that is no bytes is an error of ours", async () => {
  const { backend } = await fixture();
  const read = backend.read.bind(backend);
  backend.read = async (key, request) => {
    const answer = await read(key, request);
    const body = ReadableStream.from(["text"]) as ReadableStream<never>;
    return answer && { ...answer, body };
  };
  const store = new Store({ backend });
  await assertRejects(() => store.readBytes("data/a.txt"), RemoteStoreError);
  const stream = await store.read("data/a.txt");
  await assertRejects(() => stream.getReader().read(), RemoteStoreError);
});
