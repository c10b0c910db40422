/**
 * Type-checks what is shipped without Deno's own types.
 *
 * @module
 */
import { shippedSources } from "./manifest.ts";

const { code } = await new Deno.Command("deno", {
  args: ["check", "--config=web.chosen.json", ...await shippedSources()],
}).spawn().status;
Deno.exit(code);
