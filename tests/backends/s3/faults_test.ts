import { AwsClient } from "aws4fetch";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { read, text as textOf } from "../../../backends/_http/document.ts";
import { FAILURES, leavesNothing } from "./faults.ts";
import { storeOf } from "./setup.ts";

const client = new AwsClient({
  ...ACCOUNT,
  service: "s3",
  region: "us-east-1",
});

async function openUploads(fake: FakeS3): Promise<string[]> {
  const signed = await client.sign("http://s3.test/bucket?uploads=");
  const xml = await (await fake.handle(signed)).text();
  return read(xml, "ListMultipartUploadsResult", { Upload: [{ Key: textOf }] })
    .Upload.map(({ Key }) => `${Key}`);
}

for (const failure of FAILURES) {
  Deno.test(`AW-004: nothing is left where ${failure.name}`, async () => {
    for (const concurrency of [1, 4]) {
      const fake = new FakeS3();
      await leavesNothing(failure, {
        fetch: fake.fetch,
        open: (options) => storeOf(fake, options),
        openUploads: () => openUploads(fake),
      }, concurrency);
    }
  });
}
