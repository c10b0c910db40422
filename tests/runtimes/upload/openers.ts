/**
 * Scripts that open a store of a checkout of this repository over the upload server.
 *
 * @module
 */
import { bundle } from "../bundle.ts";

const ROOT = new URL("../../../", import.meta.url);

/**
 * Returns the script of a checkout, which sets `openers[name]` in its page. Without a
 * folder it is this one.
 */
export async function openerOf(
  name: string,
  checkout: string = ROOT.pathname,
  options: { readonly lowered?: boolean } = {},
): Promise<string> {
  const root = `file://${await Deno.realPath(checkout)}`;
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/opener.ts`;
    await Deno.writeTextFile(
      file,
      `import { Store } from "${root}/mod.ts";
import { S3Backend } from "${root}/backends/s3/mod.ts";
const openers = globalThis.openers ??= {};
const credentials = { accessKeyId: "k", secretAccessKey: "s" };
openers[${JSON.stringify(name)}] = (endpoint) =>
  new Store({
    backend: new S3Backend({ bucket: "bucket", endpoint, credentials, region: "us-east-1", dialect: "aws" }),
  });
`,
    );
    return await bundle(file, options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
