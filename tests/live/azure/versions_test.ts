import { holdIgnored } from "../../backends/azure/versions.ts";
import { createStore } from "./account.ts";
import { ORIGIN } from "./origin.ts";

Deno.test("VER-009: the emulator, which ignores the id of a version, gives no other one and loses none", async () => {
  await holdIgnored(await createStore(ORIGIN));
});
