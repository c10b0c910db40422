import { assertEquals, assertRejects } from "@std/assert";
import { BackendUnavailableError, NotFoundError } from "@remote-store/core";
import { Network } from "../../../ext/_resume/network.ts";

const OUT = new BackendUnavailableError("no answer came");

Deno.test("RES-008 what fails while the network was lost is done again, as often as that takes", async () => {
  const network = new Network(true);
  let left = 3;
  const result = await network.use(() => {
    if (left-- === 0) return Promise.resolve("done");
    globalThis.dispatchEvent(new Event("offline"));
    return Promise.reject(OUT);
  }, undefined);
  network.release();
  assertEquals(result, "done");
});

Deno.test("RES-008 another failure, one online, and one after release are told at once", async () => {
  for (const error of [new NotFoundError(), new Error("own")]) {
    const network = new Network(true);
    await assertRejects(() =>
      network.use(() => {
        globalThis.dispatchEvent(new Event("offline"));
        return Promise.reject(error);
      }, undefined)
    );
    network.release();
  }
  const online = new Network(true);
  await assertRejects(() => online.use(() => Promise.reject(OUT), undefined));
  online.release();
  const lost = () => {
    globalThis.dispatchEvent(new Event("offline"));
    return Promise.reject(OUT);
  };
  await assertRejects(() => online.use(lost, undefined));
  const never = new Network(false);
  await assertRejects(() => never.use(lost, undefined));
  never.release();
});

Deno.test("RES-011 a pause during what fails is the pause's reason", async () => {
  const network = new Network(true);
  const pause = new AbortController();
  await assertRejects(
    () =>
      network.use(() => {
        pause.abort(new Error("enough"));
        return Promise.reject(OUT);
      }, pause.signal),
    Error,
    "enough",
  );
  network.release();
});
