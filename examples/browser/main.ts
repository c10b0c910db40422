/**
 * The demo: starts a service, the handler that signs for it and the page, and prints where
 * that is.
 *
 * ```sh
 * npx -y deno@2.9.5 task demo:web
 * deno task demo:web --s3=ceph --port=8080
 * ```
 *
 * @module
 */
import { startDemo } from "./server/demo.ts";
import { INSTALL_AZURITE } from "./server/azurite.ts";

const USAGE = `A page that keeps files in a bucket it has no key for.

  deno task demo:web [flags]

  --port=…      where the page is (8377, or the next one that is free)
  --s3=…        fake: a strict one in memory (default); ceph: where it is installed
  --rate=…      megabytes a second that the fake takes (6), 0 for all that come
  --no-azure    without Azurite, where it is installed
  --workerd     signs in workerd, the runtime of Workers, by miniflare`;

const RATE = 6;

// One of its own: the Service Worker stays with the address.
const PORT = 8377;

const flags = new Map(
  Deno.args.map((argument) => {
    const [name = "", value = ""] = argument.split("=");
    return [name, value] as const;
  }),
);
const known = ["--port", "--s3", "--rate", "--no-azure", "--workerd"];
const unknown = [...flags.keys()].find((name) => !known.includes(name));
const s3 = flags.get("--s3") ?? "fake";
const rate = Number(flags.get("--rate") ?? RATE);
if (flags.has("--help") || unknown !== undefined) {
  console.log(USAGE);
  Deno.exit(flags.has("--help") ? 0 : 2);
}
if (s3 !== "fake" && s3 !== "ceph" || !(rate >= 0)) {
  console.error(USAGE);
  Deno.exit(2);
}

const demo = await startDemo({
  port: Number(flags.get("--port") ?? PORT),
  isPortFixed: flags.has("--port"),
  s3,
  rate: rate * 1e6,
  azure: !flags.has("--no-azure"),
  workerd: flags.has("--workerd"),
});
const about = demo.services.map(({ about }) => about).join(" and ");
console.log(`Over ${about}. Ctrl+C ends it.`);
if (!demo.services.some(({ name }) => name === "azure")) {
  console.log(`For Azure too: ${INSTALL_AZURITE}`);
}
console.log(`\n  ${demo.origin}/\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, async () => {
    await demo.stop();
    Deno.exit(0);
  });
}
