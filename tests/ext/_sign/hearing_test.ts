import { assertEquals, assertRejects } from "@std/assert";
import { heard } from "../../../ext/_sign/hearing.ts";
import { scene } from "../sign_fixture.ts";

const REQUEST = new Request("https://app.example.com/sign");

Deno.test("SIGN-036 what the application's functions throw is told, and thrown on", async () => {
  const told: unknown[] = [];
  const broken = new Error("broken");
  const call = heard((text: string, request: Request) => {
    if (text === "no") throw broken;
    return Promise.resolve([text, request.url]);
  }, (error, request) => told.push(error, request));
  assertEquals(await call("yes", REQUEST), ["yes", REQUEST.url]);
  assertEquals(await assertRejects(() => call("no", REQUEST)), broken);
  assertEquals(told, [broken, REQUEST]);
});

Deno.test("SIGN-036 the handler tells of its root, its rules and its callback, and the page of none", async () => {
  for (const name of ["root", "authorize", "onWritten"] as const) {
    const told: unknown[] = [];
    const secret = new Error("the database at 10.0.0.1 is down");
    const { store, seen } = scene({
      handler: {
        complete: "here",
        [name]: () => {
          throw secret;
        },
        onError: (error) => {
          told.push(error);
          throw new Error("the log of 10.0.0.1 is full");
        },
      },
    });
    const content = new Blob([new Uint8Array(11 * 2 ** 20)]);
    // A completion whose answer breaks off is looked into, and is found.
    const outcome = await store.write("a", content).catch(String);
    assertEquals(typeof outcome === "string", name !== "onWritten");
    assertEquals(told[0], secret, name);
    assertEquals(`${outcome}${seen()}`.includes("10.0.0.1"), false);
  }
});

Deno.test("SIGN-036 a log that fails, at once or late, takes no other error's place", async () => {
  const broken = new Error("broken");
  const full = new Error("the log is full");
  const throwing = (): void => {
    throw full;
  };
  for (const onError of [throwing, () => Promise.reject(full)]) {
    const call = heard((_: Request) => Promise.reject(broken), onError);
    assertEquals(await assertRejects(() => call(REQUEST)), broken);
  }
});
