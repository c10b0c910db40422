/**
 * Starts Azurite twice, plain and with TLS, runs the tests here against them, and stops
 * both: `deno task test:azure`. Arguments go to `deno test`.
 *
 * @module
 */
import { makeCertificate } from "../../servers/azurite/certificate.ts";
import { startAzurite } from "../../servers/azurite/server.ts";

const folder = await Deno.makeTempDir();
const tls = await makeCertificate(folder);
const servers = await Promise.all([startAzurite(), startAzurite({ tls })]);
const [plain, secure] = servers;
try {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--config=deno.chosen.json", "--cert", tls.ca],
      ...["--allow-net=127.0.0.1", "--allow-env", "--allow-read=."],
      ...["--allow-run=node", "--parallel"],
      ...Deno.args.length > 0 ? Deno.args : ["tests/live/azure"],
    ],
    env: {
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
