import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Draft,
  openSource,
  putFrom,
  requireOnePut,
} from "../../../backends/r2/draft.ts";
import { DRAFTS } from "../../../backends/r2/wire.ts";
import {
  AlreadyExistsError,
  CapabilityNotSupportedError,
  NotFoundError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { createFake, numbered } from "./setup.ts";

const CREATE = { overwrite: false, ifMatch: null };
const ALWAYS = { overwrite: true, ifMatch: null };
const { signal } = new AbortController();

Deno.test("R2-005: a draft has a place of its own, and is gone when it is put", async () => {
  const { settings, fake } = createFake();
  const [draft, other] = [new Draft(settings), new Draft(settings)];
  assert(draft.key.startsWith(DRAFTS) && draft.key !== other.key);
  await fake.put(draft.key, new Uint8Array(3));
  const request = { condition: CREATE, check: null };
  const stored = { customMetadata: { a: "b" } };
  const facts = await draft.commit("a", stored, request, signal);
  assertEquals([...fake.objects.keys()], ["a"]);
  assertEquals(fake.objects.get("a")?.facts.httpEtag, facts.etag);
  assertEquals(fake.objects.get("a")?.facts.customMetadata, { a: "b" });
  await fake.put(other.key, new Uint8Array(3));
  await assertRejects(
    () => other.commit("a", {}, request, signal),
    AlreadyExistsError,
  );
  await other.discard();
  assertEquals([...fake.objects.keys()], ["a"]);
});

Deno.test("R2-005: a draft that cannot be removed fails nothing", async () => {
  const { settings } = createFake((method) =>
    method === "delete" ? numbered(10003) : null
  );
  await new Draft(settings).discard();
});

Deno.test("R2-012: putFrom() puts the version that was named, or says what is in the way", async () => {
  const { settings, fake } = createFake();
  const facts = await fake.put("a", new Uint8Array(3));
  const etag = facts!.httpEtag.slice(1, -1);
  const put = (source: string, tag: string | null, condition = CREATE) =>
    putFrom(settings, source, tag, "b", () => ({}), condition, null, signal);
  await assertRejects(() => put("absent", null), NotFoundError);
  const changed = await assertRejects(
    () => put("a", "other"),
    PreconditionFailedError,
    "it has changed",
  );
  assertEquals(changed.path, "a");
  assertEquals((await put("a", etag)).etag, facts!.httpEtag);
  await assertRejects(() => put("a", etag), AlreadyExistsError);
  await put("a", etag, ALWAYS);
});

Deno.test("R2-012: openSource() reads a range of one version", async () => {
  const { bucket, settings, fake } = createFake();
  await fake.put("a", new TextEncoder().encode("hello"));
  const { body } = await openSource(settings, "a", null, signal, {
    offset: 1,
    length: 3,
  });
  assertEquals(await new Response(body as BodyInit).text(), "ell");
  assert(bucket !== null);
});

Deno.test("R2-004: requireOnePut() refuses conditions beyond the limit", () => {
  const { settings } = createFake();
  const { putLimit } = settings;
  requireOnePut(settings, putLimit, CREATE);
  requireOnePut(settings, putLimit + 1, ALWAYS);
  for (const condition of [CREATE, { overwrite: true, ifMatch: '"e"' }]) {
    let error: unknown;
    try {
      requireOnePut(settings, putLimit + 1, condition);
    } catch (caught) {
      error = caught;
    }
    assert(error instanceof CapabilityNotSupportedError);
  }
});
