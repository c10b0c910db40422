import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../examples/cors.ts";
import { ORIGIN, serviceOf } from "../ext/cors_fixture.ts";

async function run(...args: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const output = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void errors.push(line),
  };
  const { fetch } = serviceOf({
    rules: [{ methods: ["GET", "HEAD"], exposed: SHOWN }],
  });
  const code = await main(args, output, fetch);
  return { code, out: lines.join("\n"), err: errors.join("\n") };
}

const SHOWN = ["etag", "content-encoding", "content-md5"];
const BUCKET = "https://s3.test/bucket";

Deno.test("cors prints what is missing, and the rules that do it", async () => {
  const { code, out } = await run(
    BUCKET,
    "--service=s3",
    `--origin=${ORIGIN}`,
    "--operations=read,write",
  );
  assertEquals(code, 1);
  assertStringIncludes(out, "Missing: PUT is not allowed: write will fail");
  assertStringIncludes(out, "Missing: content-range is not exposed");
  const rules = JSON.parse(out.slice(out.indexOf("\n[")));
  assertEquals(rules[0].AllowedMethods, ["GET", "HEAD", "POST", "PUT"]);
});

Deno.test("cors is content where nothing is missing", async () => {
  const { code, out } = await run(
    BUCKET,
    "--service=azure",
    `--origin=${ORIGIN}`,
    "--operations=head",
    "--signing=url",
  );
  assertEquals([code, out], [0, `Nothing is missing for ${ORIGIN}`]);
});

Deno.test("cors tells bad input apart", async () => {
  const cases: [string[], string][] = [
    [["memory", `--origin=${ORIGIN}`], "the backend signs no URLs"],
    [["s4"], 'Cannot open the backend "s4"'],
    [[BUCKET, "--service=s3"], 'origin is ""'],
    [[BUCKET, "--bucket=x"], "Cannot use --bucket with a URL"],
    [[BUCKET, "more"], 'Cannot use "more"'],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await run(...args);
    assertEquals(code, 2, err);
    assertStringIncludes(err, message);
  }
  const { code, out } = await run("--help");
  assert(code === 0 && out.includes("--origin="));
  assertEquals((await run()).code, 2);
});

Deno.test("cors says why a service cannot be reached, and shows no signature", async () => {
  const errors: string[] = [];
  const output = {
    out: () => {},
    err: (line: string) => void errors.push(line),
  };
  const cause = new Error(
    "error sending request for url (https://s3.test/bucket/a?X-Amz-Signature=secret): dns error",
  );
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
  const args = [BUCKET, "--service=s3", `--origin=${ORIGIN}`];
  assertEquals(await main(args, output, fetch), 1);
  assertEquals(errors, [
    "fetch failed: error sending request for url (https://s3.test/bucket/a): dns error",
  ]);
});
