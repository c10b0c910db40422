import { assert, assertEquals, assertRejects } from "@std/assert";
import type { S3Options } from "../../../backends/s3/mod.ts";
import {
  ofVersion,
  saysAbsent,
  versionQuery,
} from "../../../backends/s3/versions.ts";
import { containerNotFound } from "../../../core/containers.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  NotFoundError,
  type Store,
} from "../../../mod.ts";
import { scene } from "../../ext/sign_fixture.ts";
import type { Arrived } from "../../fakes/s3/answers.ts";
import { type FakeOptions, FakeS3 } from "../../fakes/s3/service.ts";
import { first, optionsOf, storeOf } from "./setup.ts";
import { holdVersions } from "./versions.ts";

async function versioned(
  given: FakeOptions = {},
  options: Partial<S3Options> = {},
): Promise<{ fake: FakeS3; store: Store; versionId: string }> {
  const fake = new FakeS3(given);
  const store = storeOf(fake, options);
  const { versionId } = await store.write("a", "0123456789");
  await store.write("a", "new", { overwrite: true });
  fake.log.length = 0;
  return { fake, store, versionId: versionId! };
}

Deno.test("VER-008 S3: current versions, marks of deletions and what was there before", async () => {
  for (const hidesMarkers of [false, true]) {
    const fake = new FakeS3({ keepsVersions: false, hidesMarkers });
    await holdVersions({
      options: optionsOf(fake),
      fetch: fake.fetch,
      enable: () => fake.bucket.keepsVersions = true,
    });
  }
});

Deno.test("VER-009 S3: each call about a version is one request, and a delete one look more", async () => {
  const { fake, store, versionId } = await versioned();
  const id = { versionId };
  const requests = async (call: () => Promise<unknown>) => {
    await call();
    return fake.log.splice(0).map((line) => line.replace(" /bucket/a", ""));
  };
  const absent = { versionId: "v99", missingOk: true };
  assertEquals(await requests(() => store.readText("a", id)), [
    `GET?versionId=${versionId}`,
  ]);
  assertEquals(await requests(() => store.getFileInfo("a", id)), [
    `HEAD?versionId=${versionId}`,
  ]);
  assertEquals(await requests(() => store.open("a", absent)), [
    "GET?versionId=v99",
  ]);
  assertEquals(await requests(() => store.getFileInfo("a", absent)), [
    "HEAD?versionId=v99",
  ]);
  assertEquals(await requests(() => store.delete("a", id)), [
    `HEAD?versionId=${versionId}`,
    `DELETE?versionId=${versionId}`,
  ]);
});

Deno.test("VER-009 S3: a service that ignores the id gives no other version, and loses none", async () => {
  for (const keepsVersions of [true, false]) {
    const { fake, store } = await versioned({
      ignoresVersions: true,
      keepsVersions,
    });
    const id = { versionId: "v1" };
    let open = 0;
    fake.fault = async (_, next) => {
      const response = await next();
      if (response.body === null) return response;
      open++;
      const bytes = await response.bytes();
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(bytes),
        pull(controller) {
          open--;
          controller.close();
        },
        cancel: () => void open--,
      });
      return new Response(body, response);
    };
    for (
      const call of [
        () => store.readText("a", id),
        () => store.open("a", id),
        () => store.getFileInfo("a", id),
        () => store.openBlob("a", id),
        () => store.delete("a", id),
      ]
    ) await assertRejects(call, CapabilityNotSupportedError);
    fake.fault = null;
    assertEquals(open, 0);
    assertEquals(await store.readText("a"), "new");
    assert(!fake.log.some((line) => line.startsWith("DELETE")));
  }
});

Deno.test("VER-009 S3: a body that breaks off goes on with the same version", async () => {
  const { fake, store, versionId } = await versioned();
  const ranges: (string | null)[] = [];
  fake.fault = async ({ headers }, next) => {
    const response = await next();
    ranges.push(headers.get("range"));
    if (ranges.length > 1) return response;
    const bytes = await response.bytes();
    let pulls = 0;
    const body = new ReadableStream({
      pull: (controller) =>
        pulls++ === 0
          ? controller.enqueue(bytes.slice(0, 4))
          : controller.error(new TypeError("reset")),
    }, { highWaterMark: 0 });
    return new Response(body, response);
  };
  assertEquals(await store.readText("a", { versionId }), "0123456789");
  assertEquals(ranges, [null, "bytes=0-9"]);
  assertEquals(fake.log, Array(2).fill(`GET /bucket/a?versionId=${versionId}`));
});

Deno.test("VER-009 S3: a deletion whose answer was lost is known by what is left", async () => {
  const { fake, store, versionId } = await versioned();
  const isDelete = ({ method }: Arrived) => method === "DELETE";
  fake.fault = first(isDelete, (next) => next());
  await store.delete("a", { versionId });
  assertEquals(fake.bucket.versionsOf("a").length, 1);
  const silent = await versioned();
  silent.fake.fault = (arrived) =>
    isDelete(arrived) ? Promise.reject(new TypeError("lost")) : undefined;
  await assertRejects(
    () => silent.store.delete("a", { versionId: silent.versionId }),
    BackendUnavailableError,
  );
  assertEquals(silent.fake.bucket.versionsOf("a").length, 2);
});

Deno.test("VER-009 S3: an absent bucket is no absent version", async () => {
  const store = storeOf(new FakeS3(), { bucket: "gone" });
  const id = { versionId: "v1", missingOk: true };
  const error = await assertRejects(() => store.open("a", id), NotFoundError);
  assertEquals(error.path, null);
});

Deno.test("VER-010 S3: services that are not known to keep versions, and pages, refuse the id", async () => {
  for (const dialect of ["r2", "gcs", "generic"] as const) {
    const { fake, store } = await versioned({}, { dialect });
    const id = { versionId: "v1" };
    await assertRejects(
      () => store.readText("a", id),
      CapabilityNotSupportedError,
    );
    await assertRejects(
      () => store.delete("a", id),
      CapabilityNotSupportedError,
    );
    assertEquals(fake.log, []);
  }
  for (const dialect of ["aws", "minio", "ceph", "b2"] as const) {
    assert(storeOf(new FakeS3(), { dialect }).supports("versions"));
  }
  const { store, fake } = scene();
  const { versionId } = await store.write("a", "abc");
  fake.log.length = 0;
  await assertRejects(
    () => store.readText("a", { versionId: versionId! }),
    CapabilityNotSupportedError,
    'Cannot read "a" with versionId: the backend s3 does not support versions',
  );
  assertEquals(fake.log, []);
});

Deno.test("VER-009 S3: what answers say of versions", () => {
  assertEquals(versionQuery(null), undefined);
  assertEquals(versionQuery("v"), { versionId: "v" });
  const entry = {
    kind: "file",
    size: 1,
    lastModified: null,
    etag: null,
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
  } as const;
  assertEquals(ofVersion(entry, "null").extra, { versionId: "null" });
  for (const id of [null, "v1"]) assertEquals(ofVersion(entry, id), entry);
  const told = { ...entry, extra: { versionId: "v2" } };
  assertEquals(ofVersion(told, "null"), told);
  assertEquals(ofVersion(entry, "v1", true).extra, { versionId: "v1" });
  assertEquals(ofVersion(entry, null, true), entry);
  assert(saysAbsent(new NotFoundError()));
  assert(!saysAbsent(containerNotFound("gone")));
  assert(!saysAbsent(new TypeError()));
});
