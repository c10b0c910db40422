import { compareSignatures } from "../oracles/signatures.ts";

Deno.test("S3-015, PERF: 10,000 requests are signed as aws4fetch signs them", async () => {
  await compareSignatures(10_000);
});
