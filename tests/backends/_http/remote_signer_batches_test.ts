import { assert, assertEquals } from "@std/assert";
import { remoteSigner } from "../../../backends/_http/remote_signer.ts";
import { RetryPolicy } from "../../../mod.ts";
import { scene, SIGN_URL } from "../../ext/sign_fixture.ts";

Deno.test("PAGE-018 a bulk delete of 1,000 long names is one question, large as it is", async () => {
  const { store, fake, talk } = scene();
  const names = Array.from(
    { length: 1000 },
    (_, at) => `${at}-${"k".repeat(900)}`,
  );
  for (const name of names) {
    fake.bucket.put(`users/42/${name}`, new Uint8Array(1), {});
  }
  assertEquals((await store.deleteMany(names, { missingOk: true })).size, 0);
  assertEquals(fake.bucket.objects.size, 0);
  assertEquals(talk.length, 1);
});

Deno.test("PAGE-018 what is too much together, or has one that cannot be read, is asked for one by one", async () => {
  const { sign } = scene({ handler: { maxBody: 2 ** 17 } });
  const statuses: number[] = [];
  const signer = remoteSigner(SIGN_URL, {
    fetch: async (url, init) => {
      const response = await sign(new Request(url, init));
      statuses.push(response.status);
      return response;
    },
    retry: RetryPolicy.disabled(),
  });
  // In one task, so that they go as one question.
  const ask = (fields: readonly string[]) =>
    Promise.allSettled(
      fields.map((value, at) =>
        signer({
          method: "PUT",
          url: `http://s3.test/bucket/users/42/${at}`,
          headers: { "cache-control": value },
          size: 1,
        }, { ahead: [], refresh: false, signal: undefined })
      ),
    );
  const long = "x".repeat(16_000);
  const all = await ask(Array.from({ length: 12 }, () => long));
  assertEquals(all.filter(({ status }) => status === "rejected"), []);
  assertEquals(statuses, [413, ...Array(12).fill(200)]);
  statuses.length = 0;
  const [good, bad] = await ask(["x", long + long]);
  assertEquals(statuses.toSorted(), [200, 400, 400]);
  assertEquals(good?.status, "fulfilled");
  const { reason } = bad as PromiseRejectedResult;
  assert(reason.message.includes("a header field is too long"), reason);
});
