/**
 * The table of what comes of a signed request that its sender changes.
 *
 * @module
 */
import {
  CHANGES,
  type Outcome,
  type Service,
} from "../../tests/backends/presigned_changes.ts";
import { printTable } from "./markdown.ts";

const SERVICES: readonly (readonly [Service, string])[] = [
  ["s3", "S3"],
  ["ceph", "Ceph"],
  ["generic", "`generic`"],
  ["azure", "Azure"],
];

const WORDS: Readonly<Record<Outcome, string>> = {
  held: "refused",
  open: "taken",
  none: "not offered",
};

/** Each change, and what each service does with it. */
export function presignedTable(): string {
  return printTable(
    ["what the sender changes", ...SERVICES.map(([, name]) => name)],
    CHANGES.map(({ change, outcomes }) => [
      change,
      ...SERVICES.map(([service]) => WORDS[outcomes[service]]),
    ]),
  );
}
