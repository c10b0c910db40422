// Sends commands by the AWS SDK. Takes them as JSON on standard input, prints what each
// has answered; a body as text.
import * as s3 from "@aws-sdk/client-s3";
import { text } from "node:stream/consumers";

const { commands, endpoint, credentials } = JSON.parse(
  await text(process.stdin),
);
const client = new s3.S3Client({
  endpoint,
  credentials,
  region: "us-east-1",
  forcePathStyle: true,
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});
const answers = [];
for (const [name, { Body, ...input }] of commands) {
  const bytes = Body === undefined ? {} : { Body: Buffer.from(Body, "base64") };
  const Command = s3[`${name}Command`];
  const answer = await client.send(new Command({ ...input, ...bytes }));
  const body = await answer.Body?.transformToString();
  answers.push({ ...answer, Body: body });
}
console.log(JSON.stringify(answers));
