/**
 * Pure: which source of `@std` a run uses, and the configurations that follow
 * from it.
 *
 * @module
 */

/** Where the `@std` packages come from. */
export type Source =
  | { readonly kind: "jsr"; readonly reason: string }
  | { readonly kind: "stand-ins"; readonly reason: string }
  | { readonly kind: "std"; readonly folder: string };

/** The part of `deno.json` that is read here; the rest is carried over. */
export interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
  readonly compilerOptions: {
    readonly lib: readonly string[];
    readonly [option: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Decides from the reader's wishes; looks at JSR only where there is none. */
export async function chooseSource(
  wishes: { jsr?: string | undefined; stdDir?: string | undefined },
  jsrAnswers: () => Promise<boolean>,
): Promise<Source> {
  if (wishes.stdDir) return { kind: "std", folder: wishes.stdDir };
  switch (wishes.jsr || undefined) {
    case "yes":
      return { kind: "jsr", reason: "REMOTE_STORE_JSR=yes" };
    case "no":
      return { kind: "stand-ins", reason: "REMOTE_STORE_JSR=no" };
    case undefined:
      return await jsrAnswers()
        ? { kind: "jsr", reason: "jsr.io answers" }
        : { kind: "stand-ins", reason: "jsr.io did not answer" };
    default:
      throw new Error(
        `Cannot choose the source of @std: REMOTE_STORE_JSR is "${wishes.jsr}", "yes" or "no" is needed`,
      );
  }
}

/** Says the choice in one line. */
export function describe(source: Source): string {
  switch (source.kind) {
    case "jsr":
      return `with JSR: @std comes from jsr.io (${source.reason})`;
    case "stand-ins":
      return `without JSR: linking the stand-ins in without_jsr/std (${source.reason})`;
    case "std":
      return `without JSR: linking the real @std packages in STD_DIR (${source.folder})`;
  }
}

/** The configurations to write, by file name. */
export function configs(
  manifest: Manifest,
  source: Source,
  standIns: readonly string[],
): Record<string, unknown> {
  const { tasks: _, ...chosen } = { ...manifest, ...changes() };
  const lib = manifest.compilerOptions.lib.filter((name) => name !== "deno.ns");
  return {
    "deno.chosen.json": chosen,
    "web.chosen.json": {
      ...chosen,
      compilerOptions: { ...manifest.compilerOptions, lib },
    },
    // `deno doc` knows no --config: it reads the deno.json of the folder it
    // is started in.
    ".chosen/deno.json": {
      imports: manifest.imports,
      links: links("../"),
      lock: false,
    },
  };

  function changes(): Record<string, unknown> {
    if (source.kind === "jsr") return {};
    if (source.kind === "std") return { links: links("./"), lock: false };
    return {
      links: links("./"),
      lock: { path: "./without_jsr/deno.lock", frozen: true },
      // The publish dry run refuses a linked file inside the package that it
      // would not upload.
      publish: {
        ...manifest.publish,
        include: [...manifest.publish.include, "without_jsr/std"],
      },
    };
  }

  function links(root: string): string[] {
    if (source.kind === "jsr") return [];
    if (source.kind === "std") return [source.folder];
    return standIns.map((name) => `${root}without_jsr/std/${name}`);
  }
}
