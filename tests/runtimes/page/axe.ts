/**
 * axe-core: what keeps people from using a page.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { installPackages } from "../../servers/npm.ts";
import type { Page } from "../browsers.ts";

const AXE = new URL("../node_modules/axe-core/axe.min.js", import.meta.url);

let source: Promise<string> | undefined;

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

async function readAxe(): Promise<string> {
  await installPackages("tests/runtimes");
  return await Deno.readTextFile(AXE);
}

/** Throws where axe finds something in a page as it is now. */
export async function requireAccessible(
  page: Page,
  where: string,
): Promise<void> {
  const text = await (source ??= readAxe());
  // A script of the driver's: the page's policy lets no text become one.
  const script = page as unknown as {
    evaluate(script: string): Promise<unknown>;
  };
  const isThere = await page.evaluate(() => "axe" in globalThis, null);
  if (!isThere) await script.evaluate(`${text}; null`);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(node: Document, options: object): Promise<Found> };
    };
    // Or a color is looked at on its way to another.
    await Promise.allSettled(
      document.getAnimations().map(({ finished }) => finished),
    );
    const { violations } = await axe.run(document, {
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`
    );
  }, null);
  assertEquals(found, [], `axe, ${where}`);
}
