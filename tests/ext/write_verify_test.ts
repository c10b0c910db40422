import {
  type Backend,
  CapabilityNotSupportedError,
  type ContentCheck,
  IntegrityError,
  InvalidArgumentError,
  Store,
  type WriteFacts,
  type WriteRequest,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { cache } from "../../ext/cache.ts";
import {
  openAtomicWithHash,
  withHashingWriter,
  writeWithHash,
} from "../../ext/write.ts";
import { digestOf } from "../../ext/_digest/engine.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { contents, WatchedStream } from "./sources.ts";

const BYTES = new Uint8Array(3000).map((_, i) => i * 7);

const text = (value: string) => new TextEncoder().encode(value);
const memory = () => new Store({ backend: new MemoryBackend() });

/** A backend whose service checks digests, and refuses those that are wrong. */
class CheckingBackend extends MemoryBackend {
  readonly checks: ReadonlySet<string> = new Set(["md5", "crc32c"]);
  readonly seen: string[] = [];
  override async write(
    ...[key, body, request]: Parameters<Backend["write"]>
  ): Promise<WriteFacts> {
    const { check } = request;
    if (check === null) return await super.write(key, body, request);
    const bytes = body.kind === "bytes"
      ? body.bytes
      : await new Response(body.stream).bytes();
    const [sent, part] = [await check.digest(), await check.digestOf(bytes)];
    this.seen.push(`${sent}`);
    if (!sent.equals(part)) throw new IntegrityError();
    return await super.write(key, { kind: "bytes", bytes }, request);
  }
}

Deno.test("EW-001: verify asks the service, for bytes and for streams", async () => {
  for (const [name, make] of Object.entries(contents(BYTES))) {
    const backend = new CheckingBackend();
    const store = new Store({ backend });
    const options = { algorithm: "md5", verify: "server" } as const;
    const { digest } = await writeWithHash(store, name, make(), options);
    assertEquals(backend.seen, [`${digest}`]);
    await withHashingWriter(store, "b", (w) => w.write(BYTES), options);
    assertEquals(backend.seen, [`${digest}`, `${digest}`]);
  }
});

Deno.test("EW-001: verify is refused before any I/O where the service cannot check", async () => {
  const source = new WatchedStream([text("abc")]);
  for (const backend of [new MemoryBackend(), new CheckingBackend()]) {
    const store = new Store({ backend });
    const options = { algorithm: "sha256", verify: "server" } as const;
    for (
      const call of [
        () => writeWithHash(store, "a", source.stream, options),
        () => writeWithHash(store, "a", "abc", options),
        () => openAtomicWithHash(store, "a", options),
      ]
    ) {
      const error = await assertRejects(call) as { code?: string };
      assertEquals(error.code, "CapabilityNotSupported");
    }
    assertEquals(source.stream.locked, false);
    assertEquals(await store.exists("a"), false);
  }
});

Deno.test("EW-001: verify alone takes the strongest algorithm that the service checks, in pieces and behind proxies too", async () => {
  const backend = new CheckingBackend();
  const store = new Store({ backend });
  for (const [i, one] of [store, store.child("c"), cache(store)].entries()) {
    const options = { verify: "server" } as const;
    const { digest } = await writeWithHash(one, `a${i}`, "abc", options);
    assertEquals(digest?.algorithm, "crc32c");
    const written = await withHashingWriter(
      one,
      `b${i}`,
      (w) => w.write("abc"),
      options,
    );
    assertEquals(`${written.digest}`, `${digest}`);
  }
  assertEquals(backend.seen.length, 6);
  await assertRejects(
    () => writeWithHash(memory(), "a", "abc", { verify: "server" }),
    CapabilityNotSupportedError,
    "sha256",
  );
});

Deno.test("EW-001: what the service refuses is an IntegrityError and nothing is written", async () => {
  class Lossy extends CheckingBackend {
    override write(...[key, body, request]: Parameters<Backend["write"]>) {
      const check: ContentCheck = {
        ...request.check!,
        digest: () => request.check!.digest(),
        digestOf: () => digestOf("md5", text("lost")),
      };
      const changed: WriteRequest = { ...request, check };
      return super.write(key, body, changed);
    }
  }
  const store = new Store({ backend: new Lossy() });
  const options = { algorithm: "md5", verify: "server" } as const;
  await assertRejects(
    () => writeWithHash(store, "a", "abc", options),
    IntegrityError,
    "the bytes do not match their digest",
  );
  assertEquals(await store.exists("a"), false);
});

Deno.test("EW-001: a proxy that drops the wish to verify is found out", async () => {
  const store = memory();
  const forgetful = {
    write: (path: string, content: string) => store.write(path, content),
    openAtomic: (path: string) => store.openAtomic(path),
  } as unknown as Store;
  const options = { verify: "server" } as const;
  for (
    const call of [
      () => writeWithHash(forgetful, "a", "abc", options),
      () => writeWithHash(forgetful, "b", new Blob(["abc"]), options),
      () => withHashingWriter(forgetful, "c", (w) => w.write("abc"), options),
    ]
  ) {
    await assertRejects(call, IntegrityError, "Cannot verify");
  }
});

Deno.test("EW-001: another verify than by the server is refused", async () => {
  await assertRejects(
    () => writeWithHash(memory(), "a", "abc", { verify: "client" as "server" }),
    InvalidArgumentError,
    'verify is "client", "server" is the only choice',
  );
});
