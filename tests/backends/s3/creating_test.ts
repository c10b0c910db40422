import { assertEquals, assertRejects } from "@std/assert";
import { createContainer } from "../../../backends/s3/mod.ts";
import {
  AlreadyExistsError,
  InvalidArgumentError,
  PermissionDeniedError,
} from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

/** A service that answers each request with the next answer. */
function answering(...answers: (number | [status: number, code: string])[]) {
  const sent: { method: string; url: string; body: string }[] = [];
  const fetch = async (url: string, init: RequestInit = {}) => {
    const body = await new Response(init.body).text();
    sent.push({ method: `${init.method}`, url, body });
    const answer = answers.shift() ?? 200;
    const [status, code] = Array.isArray(answer) ? answer : [answer, ""];
    const xml = `<Error><Code>${code}</Code><Message>m</Message></Error>`;
    return new Response(status === 200 ? null : xml, { status });
  };
  return { fetch, sent };
}

const FAKE = new FakeS3();

Deno.test("CREATE-001: a bucket is created where it is asked for, or in the region of AWS", async () => {
  const { fetch, sent } = answering();
  await createContainer(optionsOf(FAKE, { fetch }));
  assertEquals(sent, [
    { method: "PUT", url: "http://s3.test/bucket/", body: "" },
  ]);
  for (const region of ["us-east-1", "eu-central-1"]) {
    const options = optionsOf(FAKE, { fetch, region });
    await createContainer({ ...options, endpoint: undefined });
  }
  assertEquals(sent.slice(1).map(({ url }) => url), [
    "https://bucket.s3.us-east-1.amazonaws.com/",
    "https://bucket.s3.eu-central-1.amazonaws.com/",
  ]);
  const told = sent.map(({ body }) =>
    /<LocationConstraint>(.*)<\/LocationConstraint>/.exec(body)?.[1]
  );
  assertEquals(told, [undefined, undefined, "eu-central-1"]);
});

Deno.test("CREATE-001: a bucket of one's own is none the worse, and a lost answer is asked again", async () => {
  const own = [409, "BucketAlreadyOwnedByYou"] as [number, string];
  const { fetch, sent } = answering(own, 503, own);
  await createContainer(optionsOf(FAKE, { fetch }));
  await createContainer(optionsOf(FAKE, { fetch }));
  assertEquals(sent.length, 3);
});

Deno.test("CREATE-001: another account's bucket, a refusal and a wrong option are errors", async () => {
  const { fetch } = answering([409, "BucketAlreadyExists"], [
    403,
    "AccessDenied",
  ]);
  const options = optionsOf(FAKE, { fetch });
  await assertRejects(
    () => createContainer(options),
    AlreadyExistsError,
    `Cannot create the bucket "bucket": it exists, and may be your own or another account's, as the service does not tell (BucketAlreadyExists); ping() of a store over it tells whether it can be used`,
  );
  await assertRejects(() => createContainer(options), PermissionDeniedError);
  await assertRejects(
    () => createContainer(options, { region: "x" } as never),
    InvalidArgumentError,
  );
  const reason = new Error("given up");
  const signal = AbortSignal.abort(reason);
  assertEquals(
    await assertRejects(() => createContainer(options, { signal }), Error),
    reason,
  );
});
