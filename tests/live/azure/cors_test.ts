/**
 * `diagnoseCors` on the emulator: each mistake is planted, and named.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ACCEPTED } from "../../../backends/azure/answers.ts";
import { urlSigner } from "../../../backends/azure/mod.ts";
import { type CorsOptions, diagnoseCors } from "../../../ext/cors.ts";
import { startAzurite } from "../../servers/azurite/server.ts";
import { MISTAKES, ORIGIN, type Rule } from "../cors_mistakes.ts";
import { createContainer, openBackend, openContainer } from "./account.ts";

const OPTIONS: CorsOptions = { origin: ORIGIN, metadata: ["author"] };

function toXml({ origin, methods, fields, exposed, maxAge }: Rule): string {
  return `<CorsRule><AllowedOrigins>${origin}</AllowedOrigins><AllowedMethods>${
    methods.join(",")
  }</AllowedMethods><MaxAgeInSeconds>${maxAge}</MaxAgeInSeconds><ExposedHeaders>${
    exposed.join(",")
  }</ExposedHeaders><AllowedHeaders>${
    fields.join(",")
  }</AllowedHeaders></CorsRule>`;
}

async function setRules(server: string, xml: string): Promise<void> {
  const container = openContainer(server, "cors");
  const url = `${container.blobUrl}/?restype=service&comp=properties`;
  await container.get("PUT", url, {
    answers: ACCEPTED,
    headers: { "content-type": "application/xml" },
    body: new TextEncoder().encode(
      `<?xml version="1.0" encoding="utf-8"?>${xml}`,
    ),
    signal: undefined,
  });
}

Deno.test("CORS-001: diagnoseCors names each mistake of an account's rules", async (t) => {
  // Rules are the account's, so this one is for nobody else.
  const azurite = await startAzurite();
  try {
    const server = azurite.origin;
    const container = await createContainer(server);
    const backend = openBackend(server, container);
    const signer = urlSigner(backend);
    const found = async (says = "") => {
      const { problems } = await diagnoseCors(signer, OPTIONS);
      assertStringIncludes(problems[0]?.message ?? "", says);
      return problems.map(({ kind, name }) => `${kind} ${name}`);
    };
    for (const { name, rules, expected, says } of MISTAKES.azure) {
      await t.step(name, async () => {
        const inner = rules.map(toXml).join("");
        await setRules(
          server,
          `<StorageServiceProperties><Cors>${inner}</Cors></StorageServiceProperties>`,
        );
        assertEquals(await found(says), expected);
      });
    }
    await t.step(
      "CORS-003: the rules to paste leave nothing to name",
      async () => {
        const { rules } = await diagnoseCors(signer, OPTIONS);
        await setRules(server, rules.text);
        assertEquals(await found(), []);
      },
    );
    await t.step("nothing is left in the container", async () => {
      const page = await backend.list("", {
        shallow: false,
        cursor: null,
        limit: null,
        maxDepth: null,
        signal: undefined,
      });
      assertEquals(page.files, []);
    });
  } finally {
    await azurite.stop();
  }
});
