/**
 * Installs rclone, s3cmd and s3fs from Debian and the vendors' clients from npm, starts
 * Ceph and Azurite, has each tool and the library read what the other has written, and
 * stops both: `deno task test:neighbours`. Arguments go to `deno test`.
 *
 * @module
 */
import { startAzurite } from "../../servers/azurite/server.ts";
import { installPackages } from "../../servers/npm.ts";
import { output, startS3 } from "../s3/place.ts";
import { configure } from "./tools.ts";

const PACKAGES = [
  "tests/servers/azurite",
  "tests/oracles",
  "tests/oracles/azure",
];

await Promise.all([
  output("bash", ["tests/live/neighbours/install.sh"]),
  ...PACKAGES.map(installPackages),
]);
const folder = await Deno.makeTempDir();
const azurite = await startAzurite({ anyVersion: true });
try {
  const { env, stop } = await startS3("ceph_rgw");
  try {
    const account = {
      endpoint: `${env["S3_ENDPOINT"]}`,
      accessKeyId: `${env["S3_ACCESS_KEY"]}`,
      secretAccessKey: `${env["S3_SECRET_KEY"]}`,
    };
    await configure(folder, account);
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--config=deno.chosen.json", "--allow-all"],
        ...Deno.args.length > 0 ? Deno.args : ["tests/live/neighbours"],
      ],
      env: {
        ...env,
        NEIGHBOURS_FOLDER: folder,
        AZURITE_ORIGIN: azurite.origin,
      },
    }).spawn().status;
    Deno.exitCode = code;
  } finally {
    await stop();
  }
} finally {
  await azurite.stop();
  await Deno.remove(folder, { recursive: true });
}
