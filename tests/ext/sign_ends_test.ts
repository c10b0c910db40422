import { assert, assertEquals } from "@std/assert";
import {
  AzureBackend,
  presign as presignAzure,
} from "../../backends/azure/mod.ts";
import { azureSigning } from "../../backends/azure/signing.ts";
import {
  presign as presignS3,
  RemoteS3Backend,
  remoteSigner,
} from "../../backends/s3/remote.ts";
import { signHandler } from "../../ext/sign.ts";
import { Store } from "../../mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { ask, request, type Result } from "./sign_asking.ts";
import { SIGN_URL } from "./sign_fixture.ts";
import { deletion, question } from "./sign_questions.ts";

/** When S3 stops to take a signed URL, or a request that is signed in its header fields. */
function endOfS3({ url = "", headers = {} }: Result): number {
  const { searchParams } = new URL(url);
  const date = searchParams.get("X-Amz-Date") ?? headers["x-amz-date"] ?? "";
  const begins = Date.parse(
    date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"),
  );
  return begins + 1000 * Number(searchParams.get("X-Amz-Expires") ?? 900);
}

/** A time of which a signature drops the most. */
async function lateInASecond(): Promise<void> {
  while (Date.now() % 1000 < 300) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const told = ({ expires = "" }: Result) => Date.parse(expires);

Deno.test("SIGN-040 what is told of a signature's end is never later than the service's", async () => {
  const days = { maxExpires: 7 * 86_400 };
  const deletes = deletion(
    '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>users/42/a</Key></Object></Delete>',
  );
  for (const asked of [question(), question({ method: "HEAD" }), deletes]) {
    for (const options of [{}, days]) {
      await lateInASecond();
      const [result] = await ask([asked], options);
      assertEquals(result?.error, undefined);
      const [says, ends] = [told(result!), endOfS3(result!)];
      assert(says <= ends, `${says} is told, and it ends at ${ends}`);
      // And it is no shorter than it has to be.
      assert(says > ends - 60_000, `${says} is told, and it ends at ${ends}`);
    }
  }
});

Deno.test("SIGN-040 a shared access signature ends no earlier than it is told to", async () => {
  const service = new FakeAzure();
  service.create("files");
  const sign = signHandler({
    store: new Store({
      backend: new AzureBackend({
        container: "files",
        hns: false,
        accountName: "fake",
        accountKey: btoa("key"),
        fetch: service.fetch,
      }),
    }),
    signing: azureSigning,
    root: "",
    authorize: () => true,
  });
  await lateInASecond();
  const response = await sign(request({
    v: 1,
    requests: [
      question({ url: "https://fake.blob.core.windows.net/files/a.txt" }),
    ],
  }, { origin: "https://app.example.com", "sec-fetch-site": "same-origin" }));
  const [result] = (await response.json()).results as Result[];
  assertEquals(result?.error, undefined);
  const ends = Date.parse(new URL(result?.url ?? "").searchParams.get("se")!);
  assert(told(result!) <= ends, `${result?.expires} is told, not ${ends}`);
});

Deno.test("PRESIGN-011 of a URL that does not say when it ends, the end is counted from before it was asked for", async () => {
  let asked = 0;
  const signer = async () => {
    asked = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30));
    return { url: "https://cdn.example.com/a?Signature=s", headers: {} };
  };
  const s3 = new Store({
    backend: new RemoteS3Backend({ bucket: "bucket", signer }),
  });
  const azure = new Store({
    backend: new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      signer,
    }),
  });
  for (
    const sign of [() => presignS3(s3, "a"), () => presignAzure(azure, "a")]
  ) {
    const { expires } = await sign();
    // The party may have dated it by whole seconds, too.
    const most = asked + 899_000;
    assert(expires.getTime() <= most, `${expires.getTime()} <= ${most}`);
  }
});

Deno.test("PAGE-019 the way of an answer lengthens no grant", async () => {
  const { now } = Date;
  let ahead = 0;
  let asked = 0;
  Date.now = () => now() + ahead;
  const signer = remoteSigner(SIGN_URL, {
    fetch: () => {
      asked++;
      const told = Date.now();
      // The page hears of it twenty seconds later.
      ahead += 20_000;
      return Promise.resolve(Response.json({
        v: 1,
        now: new Date(told).toISOString(),
        results: [{
          url: "u",
          headers: {},
          expires: new Date(told + 60_000).toISOString(),
        }],
      }));
    },
  });
  const read = () =>
    signer(
      { method: "GET", url: "http://s3.test/a", headers: {}, size: 0 },
      { ahead: [], refresh: false, signal: undefined },
    );
  try {
    await read();
    ahead += 30_000;
    await read();
    assertEquals(asked, 1);
    ahead += 11_000;
    await read();
    assertEquals(asked, 2);
  } finally {
    Date.now = now;
  }
});
