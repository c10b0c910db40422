/**
 * `deno task test:r2`: the backend on its binding, in workerd.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { toHex } from "../../fakes/r2/bucket.ts";
import { CASES } from "../../fakes/r2/cases.ts";
import { report } from "../contract.ts";
import { runInIsolate } from "../run_isolate.ts";
import { serveInWorkerd } from "../workerd.ts";

const MIB = 1024 * 1024;
const BUCKETS = ["BUCKET"];

Deno.test("R2-018: one store serves a request for each test of the contract", async () => {
  const path = "tests/runtimes/r2/edge.ts";
  const outcome = await runInIsolate(path, null, BUCKETS);
  console.log(report("workerd", outcome));
  assertEquals(outcome.failed, []);
});

Deno.test("the binding does what the fake is held to", async (t) => {
  const path = "tests/runtimes/r2/cases.ts";
  await using worker = await serveInWorkerd(path, {}, BUCKETS);
  for (const [number, { name }] of CASES.entries()) {
    await t.step(name, async () => {
      const response = await worker.ask(`/${number}`);
      assertEquals(await response.text(), "");
    });
  }
});

Deno.test("the store on the binding", async (t) => {
  const path = "tests/runtimes/r2/store.ts";
  await using worker = await serveInWorkerd(path, {}, BUCKETS);
  const ask = async (path: string, body?: BodyInit) => {
    const init = body === undefined ? {} : { method: "PUT", body };
    const response = await worker.ask(path, init);
    if (response.ok) return await response.json();
    throw new Error(await response.text());
  };

  await t.step(
    "R2-001: of 16 who create from 6 MiB of known length, one wins",
    async () => {
      const { outcomes, size, whole, fill } = await ask("/race");
      const winners = outcomes.filter((o: unknown) => typeof o === "number");
      assertEquals([winners, size, whole], [[fill], 6 * MIB, true]);
      const lost = outcomes.filter((o: unknown) => o === "AlreadyExists");
      assertEquals(lost.length, 15);
    },
  );

  await t.step(
    "R2-003: of 4 who create from 12 MiB of unknown length, one wins",
    async () => {
      const { outcomes, size, whole, fill } = await ask("/race-unknown");
      const winners = outcomes.filter((o: unknown) => typeof o === "number");
      assertEquals([winners, size, whole], [[fill], 12 * MIB, true]);
      const lost = outcomes.filter((o: unknown) => o === "AlreadyExists");
      assertEquals(lost.length, 3);
    },
  );

  await t.step(
    "R2-011: 1,500 files are listed whole, with metadata",
    async () => {
      const count = 1500;
      assertEquals(await ask(`/list?count=${count}`), {
        files: count,
        different: count,
        told: count,
      });
    },
  );

  for (const query of ["", "?overwrite"]) {
    await t.step(`R2-003: a chunked body is stored ${query}`, async () => {
      const size = 20 * MIB + 3;
      const body = chunked(size);
      const told = await ask(`/chunked${query}`, body);
      assertEquals(told, { written: size, size });
    });
  }

  await t.step("R2-002: a body with a length is stored", async () => {
    const size = 9 * MIB;
    const told = await ask("/known", new Uint8Array(size));
    assertEquals(told, { written: size, size });
  });

  await t.step("R2-005: no draft is left, and none is listed", async () => {
    assertEquals(await ask("/all"), [
      "known",
      "put/chunked",
      "put/known",
      "unknown",
    ]);
  });
});

async function openExample(maxBytes: number) {
  const token = "secret";
  const worker = await serveInWorkerd(
    "examples/worker/src/worker.ts",
    { UPLOAD_TOKEN: token, MAX_BYTES: `${maxBytes}` },
    BUCKETS,
  );
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return worker.ask(`/files/${path}`, { ...init, headers });
  };
  return {
    ask,
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

Deno.test("EX-004: the Worker's example keeps files in its own bucket", async () => {
  await using example = await openExample(100 * MIB);
  const { ask } = example;
  const size = 20 * MIB;
  const create = { method: "PUT", headers: { "if-none-match": "*" } };
  const zeros = await crypto.subtle.digest("SHA-256", new Uint8Array(size));
  const sha256 = toHex(zeros);
  for (
    const [path, body] of [
      ["known", new Uint8Array(size)],
      ["chunked", chunked(size)],
    ] as const
  ) {
    const put = await ask(`a/${path}`, { ...create, body });
    const told = await put.json();
    assertEquals([put.status, told.size, told.sha256], [201, size, sha256]);
    const late = await ask(`a/${path}`, { ...create, body: "late" });
    assertEquals(late.status, 412);
    await late.body?.cancel();
    const range = { range: `bytes=${8 * MIB}-${8 * MIB + 2}` };
    const part = await ask(`a/${path}`, { headers: range });
    assertEquals([part.status, [...await part.bytes()]], [206, [0, 0, 0]]);
    const { files } = await (await ask("a/")).json();
    const listed = files.find(({ name }: { name: string }) => name === path);
    assertEquals([listed.size, listed.etag], [size, told.etag]);
  }
  const { status } = await ask("a/known", { method: "DELETE" });
  const gone = await ask("a/known");
  assertEquals([status, gone.status], [204, 404]);
  await gone.body?.cancel();
});

Deno.test("EX-004: the Worker's example stores nothing above its limit", async () => {
  await using example = await openExample(150_000);
  const { ask } = example;
  for (const body of [new Uint8Array(200_000), chunked(200_000)]) {
    const put = await ask("b", { method: "PUT", body });
    assertEquals(put.status, 413);
    await put.body?.cancel();
    const get = await ask("b");
    assertEquals(get.status, 404);
    await get.body?.cancel();
  }
});

// A stream as a body has no Content-Length.
function chunked(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const chunk = new Uint8Array(Math.min(left, 64 * 1024));
      left -= chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
}
