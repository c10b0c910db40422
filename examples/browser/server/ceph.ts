/**
 * A Ceph gateway of one node, by the script of the tests: a real service for the demo.
 *
 * @module
 */
import { createContainer, S3Backend } from "@remote-store/core/backends/s3";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { Store } from "@remote-store/core";
import { AwsClient } from "aws4fetch";
import { startS3 } from "../../../tests/live/s3/place.ts";
import type { RunningService } from "./services.ts";

const BUCKET = "demo";
const PORT = "7640";

/** Starts it, on a folder of its own. */
export async function startCeph(): Promise<RunningService> {
  const folder = await Deno.makeTempDir();
  const own = { CEPH_DIR: folder, CEPH_PORT: PORT };
  const { env, stop } = await startS3("ceph_rgw", own);
  const endpoint = `${env["S3_ENDPOINT"]}`;
  const options = {
    bucket: BUCKET,
    endpoint,
    region: "us-east-1",
    dialect: "ceph",
    credentials: {
      accessKeyId: `${env["S3_ACCESS_KEY"]}`,
      secretAccessKey: `${env["S3_SECRET_KEY"]}`,
    },
    partSize: 5 * 1024 * 1024,
  } as const;
  await createContainer(options);
  await letPagesIn(endpoint, options.credentials);
  return {
    name: "s3",
    about: "Ceph",
    origin: endpoint,
    options,
    store: new Store({ backend: new S3Backend(options) }),
    signing: s3Signing,
    // Ceph takes header fields that are not signed; a visitor of the demo harms nobody else.
    unsignedFields: "accepted",
    async stop() {
      await stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const EXPOSED = [
  "ETag",
  "Content-Range",
  "Content-Disposition",
  "x-amz-version-id",
  "x-amz-meta-sha256",
];

async function letPagesIn(
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<void> {
  const all = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${value}</${name}>`).join("");
  const rules =
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>" +
    all("AllowedMethod", ["GET", "HEAD", "PUT", "POST", "DELETE"]) +
    "<AllowedHeader>*</AllowedHeader>" + all("ExposeHeader", EXPOSED) +
    "<MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>";
  const client = new AwsClient({
    ...credentials,
    service: "s3",
    region: "us-east-1",
  });
  const response = await client.fetch(`${endpoint}/${BUCKET}?cors`, {
    method: "PUT",
    body: rules,
  });
  const said = await response.text();
  if (!response.ok) throw new Error(`Cannot set CORS rules: ${said}`);
}
