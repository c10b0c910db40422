import { holdVersions } from "../../backends/s3/versions.ts";
import { createBucket, DIALECT, optionsFor, versionBucket } from "./server.ts";

Deno.test({
  name:
    "VER-008: current versions, marks of deletions and what was there before",
  // s3rver keeps no versions, and its dialect does not say that it does.
  ignore: DIALECT === "generic",
  async fn() {
    const bucket = await createBucket();
    await holdVersions({
      options: optionsFor(bucket),
      fetch,
      enable: () => versionBucket(bucket),
    });
  },
});
