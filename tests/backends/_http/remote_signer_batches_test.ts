import { assert, assertEquals } from "@std/assert";
import { scene } from "../../ext/sign_fixture.ts";

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

Deno.test("PAGE-018 what is too much together is asked for one by one", async () => {
  const { store, fake, talk } = scene({ handler: { maxBody: 2 ** 17 } });
  const batches = [1, 2, 3].map((batch) =>
    Array.from({ length: 1000 }, (_, at) => `${batch}/${at}`)
  );
  for (const name of batches.flat()) {
    fake.bucket.put(`users/42/${name}`, new Uint8Array(1), {});
  }
  const failed = await Promise.all(
    batches.map((names) => store.deleteMany(names, { missingOk: true })),
  );
  assertEquals(failed.map(({ size }) => size), [0, 0, 0]);
  assertEquals(fake.bucket.objects.size, 0);
  assert(talk.some(({ answered }) => answered.includes("131072 bytes")));
});

Deno.test("PAGE-018 a question that the handler cannot read fails alone", async () => {
  const { store } = scene();
  const contentDisposition = `attachment; filename="${"x".repeat(17_000)}"`;
  const [good, bad] = await Promise.allSettled([
    store.write("good", "x"),
    store.write("bad", "x", { contentDisposition }),
  ]);
  assertEquals([good.status, bad.status], ["fulfilled", "rejected"]);
  const { reason } = bad as PromiseRejectedResult;
  assert(reason.message.includes("a header field is too long"), reason);
});
