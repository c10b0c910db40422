import { assertEquals, assertRejects } from "@std/assert";
import {
  isRemoteStoreError,
  type RemoteStoreErrorCode,
} from "@remote-store/core";
import { sync } from "../../ext/sync.ts";
import { storeOf } from "../backends/s3/setup.ts";
import { answerError } from "../fakes/s3/answers.ts";
import { FakeS3, type Fault } from "../fakes/s3/service.ts";
import { MemoryFolder } from "./_sync/folder.ts";

/** Ten pages of a listing. */
const COUNT = 10_000;

function service(keys: Iterable<string>): FakeS3 {
  const fake = new FakeS3({ trusting: true, ownSums: false });
  const bytes = new TextEncoder().encode("file");
  for (const key of keys) fake.bucket.put(key, bytes, {});
  return fake;
}

const source = service(Array.from({ length: COUNT }, (_, i) => `${i}.txt`));

/** How a page of a listing goes wrong, and the code that the caller sees. */
const BREAKS: Readonly<Record<string, readonly [Fault, RemoteStoreErrorCode]>> =
  {
    "is refused": [
      (arrived) => answerError(arrived, 403, "AccessDenied"),
      "PermissionDenied",
    ],
    "stays away": [
      () => Promise.reject(new TypeError("connection reset")),
      "BackendUnavailable",
    ],
    "is cut": [
      async (_, next) =>
        new Response((await (await next()).text()).slice(0, -99)),
      "BackendUnavailable",
    ],
    "breaks off": [
      async (_, next) => {
        const [chunk] = await Array.fromAsync((await next()).body!);
        return new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(chunk!.slice(0, 500)),
            pull: (controller) => controller.error(new TypeError("reset")),
          }),
        );
      },
      "BackendUnavailable",
    ],
    "is a page of somebody else": [
      () => new Response("<html><body>Sign in</body></html>"),
      "BackendUnavailable",
    ],
    "says that there is more, and not where": [
      async (_, next) => {
        const text = await (await next()).text();
        return new Response(
          text.replace(
            /<NextContinuationToken>.*?<\/NextContinuationToken>/,
            "",
          )
            .replace(/<IsTruncated>.*?</, "<IsTruncated>true<"),
        );
      },
      "BackendUnavailable",
    ],
    "has lost its bucket": [
      (arrived) => answerError(arrived, 404, "NoSuchBucket"),
      "NotFound",
    ],
  };

for (const [what, [act, code]] of Object.entries(BREAKS)) {
  Deno.test(`SYNC-014 a listing of 10,000 files of which one page ${what} sends nothing and deletes nothing`, async () => {
    for (const page of [1, 4, 10]) {
      const target = service(["0.txt", "old.txt"]);
      let pages = 0;
      let at = 0;
      let seen = "";
      source.fault = (arrived, next) => {
        const token = `${arrived.query.get("continuation-token")}`;
        // A page that is asked for again is the same page.
        if (token !== seen) pages++;
        seen = token;
        if (pages !== page) return next();
        at++;
        return act(arrived, next);
      };
      const error = await assertRejects(() =>
        sync(storeOf(source), storeOf(target), { delete: true })
      );
      assertEquals(isRemoteStoreError(error) && error.code, code, `${error}`);
      assertEquals([at > 0, target.log], [true, []]);
      assertEquals([...target.bucket.objects.keys()], ["0.txt", "old.txt"]);
    }
  });
}

Deno.test("SYNC-014 a folder or a list that ends in an error sends nothing and deletes nothing", async () => {
  const reason = new DOMException("gone", "NotFoundError");
  async function* broken<T>(items: AsyncIterable<T>) {
    yield* items;
    throw reason;
  }
  const folder = new MemoryFolder({ "a/b": new File(["B"], "b") });
  const deep = folder.entries.get("a") as MemoryFolder;
  const values = deep.values.bind(deep);
  deep.values = () => broken(values());
  async function* list() {
    yield await Promise.resolve({ path: "a", file: new Blob(["A"]) });
    throw reason;
  }
  for (const from of [folder, list()]) {
    const target = service(["old.txt"]);
    const error = await assertRejects(() =>
      sync(from, storeOf(target), { delete: true })
    );
    assertEquals([error, target.log], [reason, []]);
  }
});

Deno.test("SYNC-014 a listing of the target that breaks off sends nothing and deletes nothing", async () => {
  const target = service(
    Array.from({ length: 3000 }, (_, i) => `old ${i}.txt`),
  );
  target.fault = (arrived, next) =>
    arrived.query.has("continuation-token")
      ? answerError(arrived, 403, "AccessDenied")
      : next();
  source.fault = null;
  await assertRejects(() =>
    sync(storeOf(source), storeOf(target), { delete: true })
  );
  assertEquals(target.log.filter((line) => !line.startsWith("GET")), []);
  assertEquals(target.bucket.objects.size, 3000);
});
