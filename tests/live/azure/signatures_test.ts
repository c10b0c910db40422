import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fromBase64, toHmacKey } from "../../../backends/_http/hmac.ts";
import { SharedKeySignatures } from "../../../backends/azure/shared_key.ts";
import { unsigned } from "../../oracles/shared_keys.ts";

const ACCOUNT = "contoso";
const KEY = btoa("no account has this key, it is for tests only!");
const REQUESTS = 10_000;

Deno.test("AZ-001 10,000 random requests are signed as @azure/storage-blob signs them", async () => {
  const requests = fc.sample(unsigned, REQUESTS);
  const oracle = new Deno.Command("node", {
    args: ["tests/oracles/azure/sign.mjs", ACCOUNT, KEY],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const answer = oracle.output();
  const writer = oracle.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(requests)));
  await writer.close();
  const { success, stdout } = await answer;
  assertEquals(success, true);
  const expected: string[] = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(expected.length, REQUESTS);
  // One for all, so that each may begin with what the one before has left.
  const key = toHmacKey(fromBase64(KEY) ?? new Uint8Array(0));
  const signatures = new SharedKeySignatures(ACCOUNT, key);
  const wrong = requests.filter(({ length, ...request }, at) => {
    const body = length === 0 ? null : new Uint8Array(length);
    return signatures.sign({ ...request, body }) !== expected[at];
  });
  assertEquals(wrong.slice(0, 3), []);
});
