import { assertEquals, assertRejects } from "@std/assert";
import { connectRemote } from "../../../backends/azure/remote.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";

const SIGN_URL = "https://app.example.com/sign";

Deno.test("PAGE-016 a page connects to a container by the handler's address alone", async () => {
  const asked: string[] = [];
  const answer = {
    v: 1,
    service: "azure",
    container: "files",
    accountUrl: "https://contoso.blob.core.windows.net",
    hns: false,
    root: "users/42",
  };
  const store = new Store(
    await connectRemote(SIGN_URL, {
      headers: () => ({ "x-user": "42" }),
      fetch: (_, { headers }) => {
        asked.push(new Headers(headers).get("x-user") ?? "");
        return Promise.resolve(Response.json(answer));
      },
      backend: { blockSize: 1024 * 1024 },
    }),
  );
  assertEquals(store.nativePath("a.txt"), "files/users/42/a.txt");
  assertEquals(asked, ["42"]);
  await assertRejects(
    () =>
      connectRemote(SIGN_URL, {
        fetch: () =>
          Promise.resolve(Response.json({ ...answer, service: "s3" })),
      }),
    InvalidArgumentError,
    "Cannot connect: the handler signs for s3, not for azure",
  );
});

Deno.test("OPT-003, PAGE-016 what a page misspells is refused before the handler is asked", async () => {
  const fetch = () => Promise.reject(new Error("it was asked"));
  const misspelled = { bakend: {}, fetch } as never;
  await assertRejects(
    () => connectRemote(SIGN_URL, misspelled),
    InvalidArgumentError,
    "bakend",
  );
});
