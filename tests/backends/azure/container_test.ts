import { assert, assertEquals, assertRejects } from "@std/assert";
import { empty } from "../../../backends/_http/answer.ts";
import { blob } from "../../../backends/azure/answers.ts";
import { NotFoundError } from "../../../mod.ts";
import { createFake, LONG_AGO, once } from "./fake_store.ts";

const { container } = createFake().settings;

Deno.test("AZ-001 a container's URLs name account, container and key", () => {
  assertEquals(
    container.url("a b/c", { comp: "block", none: null }),
    "https://fake.blob.core.windows.net/files/a%20b/c?comp=block",
  );
  assertEquals(
    container.dfsUrl("a", { action: "flush", position: 5 }),
    "https://fake.dfs.core.windows.net/files/a?action=flush&position=5",
  );
  assertEquals(
    container.ownUrl({ comp: "list" }),
    "https://fake.blob.core.windows.net/files?restype=container&comp=list",
  );
});

Deno.test("AZ-017 a rename's source is a path; by SAS it carries the signature", async () => {
  assertEquals(
    await container.renameSource("a b/c", undefined),
    "/files/a%20b/c",
  );
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  assertEquals(
    await bySas.settings.container.renameSource("a", undefined),
    "/files/a?sig=x",
  );
  const open = createFake({ accountKey: undefined }).settings.container;
  assertEquals(await open.renameSource("a", undefined), "/files/a");
});

Deno.test("AZ-016 parts of a batch are dated and signed, and have no version", async () => {
  const part = { method: "DELETE", url: "u", headers: {}, body: null };
  const url = container.url("a");
  const { headers } = await container.signPart({ ...part, url }, undefined);
  assertEquals(Object.keys(headers).sort(), ["authorization", "x-ms-date"]);
});

Deno.test("AZ-025 ask() brings refusals back, get() throws them, change() tells how it ended", async () => {
  const isDelete = ({ method }: { method: string }) => method === "DELETE";
  const { settings, paths } = createFake({}, once(isDelete, "lost"));
  const own = settings.container;
  const signal = undefined;
  const answers = { 200: blob };
  const refusals = [404];
  const missing = await own.ask("GET", own.url("a"), {
    answers,
    refusals,
    signal,
  });
  assertEquals(missing.outcome, "refused");
  await assertRejects(
    () => own.get("GET", own.url("a"), { answers, signal }),
    NotFoundError,
  );
  paths.put("a", {});
  const deleted = await own.change("DELETE", own.url("a"), {
    answers: { 202: empty },
    signal,
  });
  assertEquals(deleted.outcome, "doubtful");
});

Deno.test("DOUBT-005 precedes() compares by the service's clock", () => {
  const entry = (lastModified: Date) => ({
    kind: "file" as const,
    size: 0,
    lastModified: lastModified.getTime(),
    etag: null,
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
  });
  const answered = new Headers({ date: new Date().toUTCString() });
  const now = container.now();
  assertEquals(container.precedes(entry(LONG_AGO), answered, now), true);
  assertEquals(container.precedes(entry(new Date()), answered, now), false);
  const hour = 3_600_000;
  const started = container.now() - 2 * hour;
  assertEquals(container.precedes(entry(LONG_AGO), answered, started), false);
  // A device whose clock is wrong, and a Date that CORS rules hide.
  const theirs = new Date(LONG_AGO.getTime() - hour).toUTCString();
  const other = new Headers({ date: theirs });
  assertEquals(container.precedes(entry(LONG_AGO), other, now), false);
  assertEquals(container.precedes(entry(LONG_AGO), new Headers(), now), false);
});

Deno.test("AZ-017 now() and sleep() are the clock's", async () => {
  assert(Math.abs(container.now() - Date.now()) < 60_000);
  assert(Math.abs(container.clock.now() - Date.now()) < 60_000);
  await container.sleep(1, undefined);
});
