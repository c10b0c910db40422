/**
 * A Ceph gateway of one node, by the script of the tests: a real service for the demo.
 *
 * @module
 */
import { Store } from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { placeOn, startS3 } from "../../../tests/live/s3/place.ts";
import type { RunningService } from "./services.ts";

/** Starts it, with a bucket that lets pages in. */
export async function startCeph(): Promise<RunningService> {
  const { env, stop } = await startS3("ceph_rgw");
  const place = await placeOn(env);
  const options = {
    ...place,
    region: "us-east-1",
    partSize: 5 * 1024 * 1024,
  };
  return {
    name: "s3",
    about: "Ceph",
    origin: `${env["S3_ENDPOINT"]}`,
    options,
    store: new Store({ backend: new S3Backend(options) }),
    signing: s3Signing,
    // Ceph takes header fields that are not signed; a visitor of the demo harms nobody else.
    unsignedFields: "accepted",
    stop,
  };
}
