// Signs requests with the AWS SDK's signer. Takes them as JSON on standard input,
// prints the signatures.
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { text } from "node:stream/consumers";

const { requests, credentials, region } = JSON.parse(await text(process.stdin));
const signatures = [];
for (const { method, hostname, path, query, headers, time } of requests) {
  const signer = new SignatureV4({
    credentials,
    region,
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    { method, hostname, path, query, headers, protocol: "https:" },
    { signingDate: new Date(time) },
  );
  signatures.push(signed.headers.authorization.replace(/.*Signature=/, ""));
}
console.log(JSON.stringify(signatures));
