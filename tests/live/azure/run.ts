/**
 * Installs what the tests here need from npm, starts Azurite twice, plain and with TLS,
 * runs the tests against them, and stops both: `deno task test:azure`. Arguments go to
 * `deno test`.
 *
 * @module
 */
import { makeCertificate } from "../../servers/azurite/certificate.ts";
import { startAzurite } from "../../servers/azurite/server.ts";
import { installPackages } from "../../servers/npm.ts";

const RUNTIMES = "tests/runtimes/azure";
const PACKAGES = ["tests/servers/azurite", "tests/oracles/azure", RUNTIMES];

async function makeBundle(path: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--config=deno.chosen.json"],
      ...["--platform=browser", "--output", path, `${RUNTIMES}/entry.ts`],
    ],
  }).spawn().status;
  if (!success) throw new Error("the suite could not be bundled");
}

await Promise.all(PACKAGES.map(installPackages));
const folder = await Deno.makeTempDir();
const bundle = `${folder}/bundle.mjs`;
await makeBundle(bundle);
const tls = await makeCertificate(folder);
const servers = await Promise.all([startAzurite(), startAzurite({ tls })]);
const [plain, secure] = servers;
try {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--config=deno.chosen.json", "--cert", tls.ca],
      ...["--allow-net=127.0.0.1", "--allow-env", "--allow-run"],
      ...["--allow-read", "--allow-write", "--parallel"],
      ...Deno.args.length > 0 ? Deno.args : ["tests/live/azure"],
    ],
    env: {
      AZURE_BUNDLE: bundle,
      AZURITE_ORIGIN: plain.origin,
      AZURITE_TLS_ORIGIN: secure.origin,
      NODE_EXTRA_CA_CERTS: tls.ca,
      DENO_JOBS: "2",
    },
  }).spawn().status;
  Deno.exitCode = code;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  await Deno.remove(folder, { recursive: true });
}
