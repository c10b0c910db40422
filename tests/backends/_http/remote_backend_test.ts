import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { connectRemote as connectAzure } from "../../../backends/azure/mod.ts";
import { connectRemote as connectS3 } from "../../../backends/s3/remote.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";

const URL_OF_HANDLER = "https://app.example.com/sign";

const PLACES = {
  s3: { service: "s3", bucket: "photos", region: "eu-central-1" },
  azure: {
    service: "azure",
    container: "photos",
    accountUrl: "https://contoso.blob.core.windows.net",
    hns: false,
  },
};

const SIBLINGS = {
  s3: connectS3,
  azure: connectAzure,
} as const satisfies Record<string, unknown>;

/** What is wrong in the options of the backend, with words of the error. */
const WRONG = {
  s3: [
    [
      { partsize: 5 },
      "there is no option backend.partsize: did you mean partSize?",
    ],
    [{ partSize: 5 }, "partSize is 5"],
    [{ concurrency: 0 }, "concurrency is 0"],
    [{ retry: { attemps: 1 } }, "there is no option attemps"],
    [{ dialect: "moon" }, 'dialect is "moon"'],
    [{ headers: { authorization: "a" } }, "is the backend's own"],
    [{ endpoint: "ftp://a" }, ""],
    [{ bucket: " " }, 'bucket is " "'],
    [{ signer: () => {} }, "there is no option backend.signer"],
    [{ credentials: "anonymous" }, "there is no option backend.credentials"],
    [{ signPayload: true }, "there is no option backend.signPayload"],
    [null, "backend is no object"],
    ["text", "backend is no object"],
  ],
  azure: [
    [
      { blocksize: 5 },
      "there is no option backend.blocksize: did you mean blockSize?",
    ],
    [{ blockSize: 0 }, "blockSize is 0"],
    [{ concurrency: 0 }, "concurrency is 0"],
    [{ retry: { attemps: 1 } }, "there is no option attemps"],
    [{ container: "A" }, "container is not"],
    [{ hns: "false" }, "hns is neither true nor false"],
    [{ accountUrl: "ftp://a" }, "accountUrl is neither https nor http"],
    [{ signer: () => {} }, "there is no option backend.signer"],
    [{ accountKey: btoa("key") }, "only one of accountKey, sasToken"],
    [null, "backend is no object"],
    ["text", "backend is no object"],
  ],
} as const;

for (const [name, connect] of Object.entries(SIBLINGS)) {
  const place = PLACES[name as keyof typeof PLACES];

  for (
    const [i, [backend, words]] of WRONG[name as keyof typeof WRONG].entries()
  ) {
    Deno.test(`PAGE-020 connectRemote() to ${name} refuses wrong options of the backend before it asks: ${i + 1}`, async () => {
      let asked = 0;
      const fetch = () => {
        asked++;
        return Promise.resolve(Response.json({ v: 1, root: "", ...place }));
      };
      const error = await assertRejects(
        () => connect(URL_OF_HANDLER, { backend, fetch } as never),
        InvalidArgumentError,
      );
      assertStringIncludes(error.message, words);
      assertEquals(asked, 0);
    });
  }

  Deno.test(`PAGE-020 options given as undefined leave what the handler of ${name} says`, async () => {
    const fetch = () =>
      Promise.resolve(Response.json({ v: 1, root: "users/42", ...place }));
    const nothing = { bucket: undefined, endpoint: undefined };
    const backend = name === "s3"
      ? nothing
      : { container: undefined, hns: undefined, accountUrl: undefined };
    const store = new Store(
      await connect(URL_OF_HANDLER, { backend, fetch } as never),
    );
    assertEquals(store.nativePath("a"), "photos/users/42/a");
  });

  Deno.test(`PAGE-020 what a page says of ${name} wins over what the handler says`, async () => {
    const fetch = () =>
      Promise.resolve(Response.json({ v: 1, root: "", ...place }));
    const backend = name === "s3" ? { bucket: "mine" } : { container: "mine" };
    const store = new Store(
      await connect(URL_OF_HANDLER, { backend, fetch } as never),
    );
    assertEquals(store.nativePath("a"), "mine/a");
  });
}
