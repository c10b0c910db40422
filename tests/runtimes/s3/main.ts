/**
 * What is bundled for Node and Bun: the suite, and the strict fake to run it on.
 *
 * @module
 */
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import type { Place } from "./suite.ts";

export { report } from "../contract.ts";
export { runSuite } from "./suite.ts";

/** Returns a place on a fake of its own. */
export function fakePlace(): Place {
  return {
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    fetch: new FakeS3().fetch,
    dialect: "aws",
  };
}
