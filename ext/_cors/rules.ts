// This module is browser compatible.
import { type Demands, requestsOf, shownBy } from "./requests.ts";

/** Rules to set on a bucket or an account. */
export interface CorsRules {
  /** The rules, as the service takes them. */
  readonly text: string;
  /** How they are set. */
  readonly command: string;
}

const MAX_AGE_SECONDS = 600;

/**
 * Returns the rules that let one origin do what is demanded.
 *
 * @param name The bucket's or account's name; `null` where nobody has said it.
 */
export function rulesFor(
  origin: string,
  demands: Demands,
  name: string | null = null,
): CorsRules {
  const requests = demands.operations.flatMap((operation) =>
    requestsOf(operation, demands)
  );
  const rule = {
    origin,
    name: name ?? (demands.service === "azure" ? "ACCOUNT" : "BUCKET"),
    methods: distinct(requests.map(({ method }) => method)),
    fields: distinct(requests.flatMap(({ fields }) => fields)),
    exposed: [...shownBy(demands).keys()],
  };
  switch (demands.service) {
    case "azure":
      return forAzure(rule);
    case "ceph":
      return forCeph(rule);
    case "r2":
      return forR2(rule);
    default:
      return forS3(rule);
  }
}

interface Rule {
  readonly origin: string;
  readonly name: string;
  readonly methods: readonly string[];
  readonly fields: readonly string[];
  readonly exposed: readonly string[];
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function forS3({ origin, name, methods, exposed }: Rule): CorsRules {
  const rule = {
    AllowedOrigins: [origin],
    AllowedMethods: methods,
    AllowedHeaders: ["*"],
    ExposeHeaders: exposed,
    MaxAgeSeconds: MAX_AGE_SECONDS,
  };
  return {
    text: JSON.stringify([rule], null, 2),
    command:
      `aws s3api put-bucket-cors --bucket ${name} --cors-configuration "{\\"CORSRules\\": $(cat cors.json)}"`,
  };
}

// R2 has not always taken a star for the allowed headers, so each is named.
function forR2({ origin, name, methods, fields, exposed }: Rule): CorsRules {
  const rule = {
    allowed: { origins: [origin], methods, headers: fields },
    exposeHeaders: exposed,
    maxAgeSeconds: MAX_AGE_SECONDS,
  };
  return {
    text: JSON.stringify({ rules: [rule] }, null, 2),
    command: `npx wrangler r2 bucket cors set ${name} --file cors.json`,
  };
}

function forCeph({ origin, name, methods, exposed }: Rule): CorsRules {
  const all = (name: string, values: readonly string[]) =>
    values.map((value) => element(name, value)).join("");
  const inner = all("AllowedOrigin", [origin]) +
    all("AllowedMethod", methods) + all("AllowedHeader", ["*"]) +
    all("ExposeHeader", exposed) +
    element("MaxAgeSeconds", `${MAX_AGE_SECONDS}`);
  return {
    text:
      `<CORSConfiguration>\n  <CORSRule>${inner}</CORSRule>\n</CORSConfiguration>`
        .replaceAll("><", ">\n    <").replace(
          "    </CORSRule>",
          "  </CORSRule>",
        ),
    command: `s3cmd setcors cors.xml s3://${name}`,
  };
}

function forAzure(
  { origin, name: account, methods, exposed }: Rule,
): CorsRules {
  // Microsoft's limit is 64 names and two that end in a star.
  const shown = [
    ...exposed.filter((name) => !name.startsWith("x-ms-")),
    "x-ms-*",
  ];
  const inner = element("AllowedOrigins", origin) +
    element("AllowedMethods", methods.join(",")) +
    element("MaxAgeInSeconds", `${MAX_AGE_SECONDS}`) +
    element("ExposedHeaders", shown.join(",")) + element("AllowedHeaders", "*");
  return {
    text:
      `<StorageServiceProperties>\n  <Cors>\n    <CorsRule>${inner}</CorsRule>\n  </Cors>\n</StorageServiceProperties>`
        .replaceAll("><", ">\n      <")
        .replace("      </CorsRule>", "    </CorsRule>"),
    command:
      `az storage cors add --services b --account-name ${
        account ?? "ACCOUNT"
      } ` +
      `--origins ${origin} --methods ${methods.join(" ")} ` +
      `--allowed-headers "*" --exposed-headers "${shown.join(",")}" ` +
      `--max-age ${MAX_AGE_SECONDS}`,
  };
}

function element(name: string, value: string): string {
  const text = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${text}</${name}>`;
}
