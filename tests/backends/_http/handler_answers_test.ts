import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ANSWERS, each } from "../../../backends/_http/handler_answers.ts";
import {
  describeRemote,
  remoteSigner,
  tellWritten,
} from "../../../backends/_http/remote_signer.ts";
import { connectRemote as connectAzure } from "../../../backends/azure/remote.ts";
import { connectRemote } from "../../../backends/s3/remote.ts";
import {
  BackendUnavailableError,
  RemoteStoreError,
  RetryPolicy,
} from "../../../mod.ts";

const URL = "https://app.example.com/sign";

/** Returns each way to ask a handler, where all that is answered is this. */
function asking(answer: () => Response): (() => Promise<unknown>)[] {
  const options = {
    fetch: () => Promise.resolve(answer()),
    retry: RetryPolicy.disabled(),
  };
  const one = { method: "GET", url: "http://s3.test/a", headers: {}, size: 0 };
  return [
    () => tellWritten(URL, ["a"], options),
    () => describeRemote(URL, options),
    () => connectRemote(URL, options),
    () => connectAzure(URL, options),
    () =>
      remoteSigner(URL, options)(one, {
        ahead: [],
        refresh: false,
        signal: undefined,
      }),
  ];
}

Deno.test("PAGE-017 what is no handler's answer is an error of the handler, by what came", async () => {
  for (const text of ["<html>sign in", "", "null", '"x"', "7", '{"v":1']) {
    const headers = { "content-type": "text/html" };
    for (const ask of asking(() => new Response(text, { headers }))) {
      await assertRejects(
        ask,
        BackendUnavailableError,
        "the signer's answer is no whole JSON (text/html)",
      );
    }
  }
});

Deno.test("PAGE-017 an answer of another form is an error, and never a success", async () => {
  const entries: unknown[] = [
    undefined,
    null,
    "a",
    [],
    [null],
    ["a"],
    [{}, {}],
    { length: 1, 0: {} },
  ];
  for (const given of entries) {
    const answer = { v: 1, results: given, written: given };
    for (const ask of asking(() => Response.json(answer))) {
      const { constructor, message } = await assertRejects(ask, Error);
      assertEquals(constructor, RemoteStoreError, message);
    }
  }
});

Deno.test("PAGE-017 who names no root connects no page", async () => {
  const place = { v: 1, service: "s3", bucket: "b", region: "r" };
  for (const root of [undefined, null, 7, {}]) {
    await assertRejects(
      () =>
        connectRemote(URL, {
          fetch: () => Promise.resolve(Response.json({ ...place, root })),
        }),
      RemoteStoreError,
      "the signer tells no root",
    );
  }
});

Deno.test("PAGE-017 a refusal without a reason is one", async () => {
  for (const error of ["no", {}, { code: "constructor", message: "no" }]) {
    const answer = { v: 1, results: [{ error }], written: [{ error }] };
    const [tell, , , , sign] = asking(() => Response.json(answer));
    for (const ask of [tell!, sign!]) {
      await assertRejects(ask, RemoteStoreError, "the signer refuses: ");
    }
  }
});

Deno.test("PAGE-017 what is answered to each of several is taken", async () => {
  const answers = [{ a: 1 }, {}];
  assertEquals(each(answers, [1, 2]), answers);
  assertThrows(() => each(answers, [1]), RemoteStoreError);
  assertEquals(await ANSWERS[200](Response.json({ root: "a" })), { root: "a" });
});
