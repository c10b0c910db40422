import { assert, assertEquals, assertRejects } from "@std/assert";
import { AzureBackend, remoteSigner } from "../../backends/azure/mod.ts";
import { azureSigning } from "../../backends/azure/signing.ts";
import { blockId } from "../../backends/azure/block_names.ts";
import { formatBlockList } from "../../backends/azure/writing.ts";
import { formatParts } from "../../backends/s3/upload_calls.ts";
import { signHandler, type SignHandlerOptions } from "../../ext/sign.ts";
import {
  AlreadyExistsError,
  type AskedOperation,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  RetryPolicy,
  Store,
} from "../../mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { request, type Result } from "./sign_asking.ts";
import { crossOrigin, PAGE_ORIGIN } from "./sign_cross_origin.ts";
import { ROOT, scene, SIGN_URL } from "./sign_fixture.ts";
import {
  body,
  HOME,
  opening,
  type Question,
  question,
} from "./sign_questions.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

/** What a handler answers to one question. */
interface Opened extends Result {
  readonly along?: readonly Result[];
}

type Answering = (request: Request) => Promise<Response>;

async function asking(
  sign: Answering,
  one: Question,
): Promise<Opened> {
  const response = await sign(request({ v: 1, requests: [one] }));
  return (await response.json()).results[0];
}

Deno.test("SIGN-032 an upload has as much time as the rules gave it, part by part", async () => {
  let now = START;
  let asked = 0;
  const { sign } = scene({
    handler: {
      now: () => now,
      authorize: () => (asked++, { expiresIn: 60 }),
    },
  });
  const { ticket, along = [] } = await asking(sign, opening());
  assertEquals(along.length, 3);
  const [first] = along;
  for (const { url = "" } of along) {
    assertEquals(new URL(url).searchParams.get("X-Amz-Expires"), "60");
  }
  const part = question({
    method: "PUT",
    url: first?.url?.split("&X-Amz-")[0],
    size: 8 * 2 ** 20,
    ticket,
  });
  const again = await asking(sign, part);
  assertEquals(again.expires, new Date(START + 59_000).toISOString());
  assertEquals([asked, again.ticket], [1, undefined]);
  now += 60_000;
  const later = await asking(sign, part);
  assert(later.ticket !== undefined, JSON.stringify(later));
  assertEquals([asked, later.expires], [
    2,
    new Date(START + 119_000).toISOString(),
  ]);
});

Deno.test("SIGN-032 a part goes by what the rules allow now, once its ticket is over", async () => {
  let now = START;
  let maxSize = 100 * 2 ** 20;
  const { sign } = scene({
    handler: { now: () => now, authorize: () => ({ maxSize }) },
  });
  const plan = {
    ...opening()["plan"] as Record<string, unknown>,
    size: null,
  };
  const opened = await asking(sign, opening({ plan }));
  const { ticket } = opened;
  const id = /<UploadId>(.*?)</.exec(JSON.stringify(opened))?.[1] ?? "";
  const part = (number: number): Question =>
    question({
      method: "PUT",
      url: `${opening()["url"]}`.replace("uploads=", "partNumber=") +
        `${number}&uploadId=${encodeURIComponent(id)}`,
      size: 8 * 2 ** 20,
      plan,
      ticket,
    });
  assertEquals((await asking(sign, part(3))).error, undefined);
  maxSize = 16 * 2 ** 20;
  now += 3_600_000;
  assertEquals((await asking(sign, part(2))).error, undefined);
  assertEquals((await asking(sign, part(3))).error?.code, "InvalidArgument");
});

const AZURE = `https://fake.blob.core.windows.net/files/${ROOT}`;

/** A handler before the fake of Azure, and the questions of an upload of one block. */
function azure(
  options: Pick<SignHandlerOptions, "authorize" | "complete" | "now">,
) {
  const service = new FakeAzure();
  service.create("files");
  const server = new Store({
    backend: new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      accountKey: btoa("key"),
      fetch: service.fetch,
    }),
  });
  const sign = signHandler({
    store: server,
    signing: azureSigning,
    root: ROOT,
    origins: [PAGE_ORIGIN],
    ...options,
  });
  const url = `${AZURE}/a.png`;
  const id = blockId(crypto.randomUUID(), 1);
  const plan = {
    size: 3,
    partSize: 2 ** 20,
    create: false,
    ifMatch: null,
    contentType: "image/png",
  };
  const block = {
    method: "PUT",
    url: `${url}?comp=block&blockid=${encodeURIComponent(id)}`,
    headers: {},
    size: 3,
    plan,
  };
  return {
    sign,
    server,
    service,
    block,
    begin: async () => (await asking(sign, block)).ticket,
    end: (ticket: string | undefined, headers: Record<string, string>) =>
      asking(sign, {
        method: "PUT",
        url: `${url}?comp=blocklist`,
        headers: { "content-type": "application/xml", ...headers },
        ...body(formatBlockList([id])),
        plan,
        ticket,
      }),
  };
}

Deno.test("SIGN-033 blocks become a file of the type that they were allowed as", async () => {
  const { begin, end } = azure({
    authorize: ({ contentType }) => contentType === "image/png",
  });
  const ticket = await begin();
  const type = (type: string) => ({ "x-ms-blob-content-type": type });
  assertEquals((await end(ticket, type("image/png"))).error, undefined);
  for (const other of [type("text/html"), {}]) {
    const { url, here, error } = await end(ticket, other);
    assertEquals([url, here, error?.code], [
      undefined,
      undefined,
      "InvalidArgument",
    ]);
  }
});

Deno.test("SIGN-033 the rules are told at the end what is stored with blocks", async () => {
  const asked: AskedOperation[] = [];
  const { begin, end } = azure({
    authorize: (one) => {
      asked.push(one);
      return one.contentDisposition === null && one.metadata === null;
    },
  });
  const ticket = await begin();
  const type = { "x-ms-blob-content-type": "image/png" };
  assertEquals((await end(ticket, type)).error, undefined);
  for (
    const more of [
      { "x-ms-blob-content-disposition": "inline" },
      { "x-ms-meta-admin": "yes" },
    ]
  ) {
    const { error } = await end(ticket, { ...type, ...more });
    assertEquals(error?.code, "PermissionDenied");
  }
  const [first, last] = [asked[1], asked.at(-1)];
  assertEquals([first?.size, first?.path], [3, "a.png"]);
  assertEquals(last?.metadata, { admin: "yes" });
});

Deno.test("SIGN-034 no text of the application's gets to a page", async () => {
  const failures = [
    new Error("hidden"),
    new InvalidArgumentError("hidden"),
    new InvalidPathError("hidden", { path: "hidden/a" }),
    new NotFoundError("hidden", { path: "hidden/a" }),
  ];
  for (const error of failures) {
    const fail = () => {
      throw error;
    };
    const { sign, fake } = scene({ handler: { onWritten: fail } });
    fake.bucket.put(`${ROOT}/a.txt`, new Uint8Array(2), {});
    const told = await (await sign(request({ v: 1, written: ["a.txt"] })))
      .json();
    assertEquals(told.written, [{
      error: { code: "RemoteStoreError", message: "the handler failed" },
    }]);
    const keyless = scene({
      server: { credentials: fail },
      handler: { ticketKey: "x".repeat(40) },
    });
    for (const one of [question(), opening()]) {
      const text = JSON.stringify(await asking(keyless.sign, one));
      assert(!text.includes("hidden"), text);
    }
    for (const handler of [{ authorize: fail }, { root: fail }]) {
      const answer = await scene({ handler })
        .sign(request({ v: 1, requests: [question()] }));
      const text = await answer.text();
      assert(text.includes("PermissionDenied"), text);
      assert(!text.includes("hidden"), text);
    }
  }
});

Deno.test("SIGN-037 on Azure a look is asked about as a read too: its signature reads", async () => {
  const head = question({ method: "HEAD", url: `${AZURE}/a.png` });
  const asked: string[] = [];
  const { sign } = azure({
    authorize: ({ operation, path }) => {
      asked.push(`${operation} ${path}`);
      return operation === "head";
    },
  });
  const { url, error } = await asking(sign, head);
  assertEquals([url, error?.code], [undefined, "PermissionDenied"]);
  assertEquals(asked, ["head a.png", "read a.png"]);
  const both = azure({ authorize: ({ operation }) => operation !== "write" });
  assert((await asking(both.sign, head)).url?.includes("&sp=r&"));
});

Deno.test("SIGN-037 what several grants allow ends with the first of them", async () => {
  const expires: Record<string, number> = { head: 120, read: 60 };
  const { sign } = azure({
    now: () => START,
    authorize: ({ operation }) => ({ expiresIn: expires[operation] }),
  });
  const head = question({ method: "HEAD", url: `${AZURE}/a.png` });
  const ends = async () => Date.parse((await asking(sign, head)).expires ?? "");
  assertEquals(await ends(), START + 59_000);
  expires["head"] = 30;
  assertEquals(await ends(), START + 29_000);
});

Deno.test("SIGN-038 on Azure no block of a file that is there is signed for who may only create", async () => {
  for (const complete of ["page", "here"] as const) {
    const { sign, server, block } = azure({
      complete,
      authorize: ({ create }) => create,
    });
    const plan = { ...block.plan, create: true };
    assert((await asking(sign, { ...block, plan })).url?.includes("&sp=cw&"));
    const { ticket } = await asking(sign, { ...block, plan });
    await server.write(`${ROOT}/a.png`, "there");
    for (const more of [{}, { ticket }]) {
      const { url, error } = await asking(sign, { ...block, plan, ...more });
      assertEquals([url, error?.code], [undefined, "AlreadyExists"]);
    }
    const { error } = await asking(sign, block);
    assertEquals(error?.code, "PermissionDenied");
  }
});

Deno.test("SIGN-038 on Azure a page that may only create learns that a large file is there, and may not look", async () => {
  const { sign, service } = azure({
    authorize: ({ operation, create }) => operation === "write" && create,
  });
  const send = crossOrigin(sign);
  const store = new Store({
    backend: new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      blockSize: 2 ** 20,
      signer: remoteSigner(SIGN_URL, {
        fetch: send,
        retry: RetryPolicy.disabled(),
      }),
      fetch: (url, init) =>
        url.startsWith(SIGN_URL) ? send(url, init) : service.fetch(url, init),
    }),
    root: ROOT,
  });
  const large = new Blob([new Uint8Array(3 * 2 ** 20)]);
  await store.write("big", large);
  const error = await assertRejects(
    () => store.write("big", large),
    AlreadyExistsError,
  );
  assertEquals(error.path, "big");
});

Deno.test("SIGN-039 the end of an upload of as many parts as a service takes is not too long a question", async () => {
  const tag = { etag: `"${"a".repeat(32)}"`, sha256: `${"A".repeat(43)}=` };
  const parts = formatParts(Array.from({ length: 10_000 }, () => tag));
  const stem = crypto.randomUUID();
  const blocks = formatBlockList(
    Array.from({ length: 50_000 }, (_, at) => blockId(stem, at + 1)),
  );
  const ends: [Answering, Question][] = [
    [scene().sign, {
      method: "POST",
      url: `${HOME}/a?uploadId=u`,
      ...body(parts),
    }],
    [azure({ authorize: () => true }).sign, {
      method: "PUT",
      url: `${AZURE}/a.png?comp=blocklist`,
      ...body(blocks),
    }],
  ];
  for (const [sign, end] of ends) {
    const headers = { "content-type": "application/xml" };
    const { error } = await asking(sign, question({ ...end, headers }));
    assertEquals(error?.message, "Cannot sign: the ticket is none");
  }
});
