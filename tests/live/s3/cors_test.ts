/**
 * `diagnoseCors` on a real server: each mistake is planted, and named.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { S3Backend, urlSigner } from "../../../backends/s3/mod.ts";
import { type CorsOptions, diagnoseCors } from "../../../ext/cors.ts";
import { MISTAKES, ORIGIN, RULE, type Rule } from "../cors_mistakes.ts";
import { createBucket, DIALECT, ENDPOINT, optionsFor, send } from "./server.ts";

const OPTIONS: CorsOptions = { origin: ORIGIN, metadata: ["author"] };

function toXml({ origin, methods, fields, exposed, maxAge }: Rule): string {
  const all = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${value}</${name}>`).join("");
  return `<CORSRule>${all("AllowedOrigin", [origin])}${
    all("AllowedMethod", methods)
  }${all("AllowedHeader", fields)}${
    all("ExposeHeader", exposed)
  }<MaxAgeSeconds>${maxAge}</MaxAgeSeconds></CORSRule>`;
}

async function setRules(bucket: string, xml: string | null): Promise<void> {
  const init = xml === null ? {} : { body: xml };
  const method = xml === null ? "DELETE" : "PUT";
  const response = await send(method, `/${bucket}?cors`, init);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} cors: ${response.status} ${text}`);
  }
}

// The other server knows no rules of a bucket.
Deno.test({
  name: "CORS-001: diagnoseCors names each mistake of a bucket's rules",
  ignore: DIALECT !== "ceph",
  async fn(t) {
    const bucket = await createBucket();
    const backend = new S3Backend(optionsFor(bucket));
    const found = async (says = "") => {
      const { problems, notes } = await diagnoseCors(
        urlSigner(backend),
        OPTIONS,
      );
      // Ceph's refusals of a signature are, whatever the rules.
      const dumb = notes.some((note) => note.includes("carry no CORS fields"));
      assertEquals(dumb || problems[0]?.kind === "origin", true);
      assertStringIncludes(problems[0]?.message ?? "", says);
      return problems.map(({ kind, name }) => `${kind} ${name}`);
    };
    for (const { name, rules, expected, says } of MISTAKES.s3) {
      await t.step(name, async () => {
        const xml = rules.length === 0
          ? null
          : `<CORSConfiguration>${
            rules.map(toXml).join("")
          }</CORSConfiguration>`;
        await setRules(bucket, xml);
        assertEquals(await found(says), expected);
      });
    }
    await t.step(
      "CORS-003: the rules to paste leave nothing to name",
      async () => {
        const { rules } = await diagnoseCors(urlSigner(backend), OPTIONS);
        await setRules(bucket, rules.text);
        assertEquals(await found(), []);
      },
    );
    await t.step("nothing is left in the bucket", async () => {
      const response = await send("GET", `/${bucket}?list-type=2`);
      const keys = (await response.text()).match(/<Key>/g);
      assertEquals(keys, null);
    });
    await t.step(
      "CORS-002: without access, what is refused is named all the same",
      async () => {
        await setRules(
          bucket,
          `<CORSConfiguration>${
            toXml({ ...RULE.s3, methods: ["GET"] })
          }</CORSConfiguration>`,
        );
        const { problems, notes } = await diagnoseCors(
          `${ENDPOINT}/${bucket}`,
          { ...OPTIONS, service: "ceph" },
        );
        assertEquals(problems.map(({ name }) => name), [
          "HEAD",
          "PUT",
          "POST",
          "DELETE",
        ]);
        assertEquals(notes, []);
      },
    );
  },
});
