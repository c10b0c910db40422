import { assertEquals, assertThrows } from "@std/assert";
import {
  notesOf,
  whyNotAfter,
  withRelease,
  withVersion,
} from "../../../tools/release/version.ts";

Deno.test("REL-001: a version follows the one of the manifest, or is it", () => {
  const after = (next: string) => whyNotAfter(next, "1.2.3") === null;
  for (const next of ["1.2.3", "1.2.4", "1.3.0", "2.0.0", "2.0.0-rc.1"]) {
    assertEquals(after(next), true, next);
  }
  for (
    const next of ["1.2.2", "1.1.9", "0.9.9", "1.2.3-rc.1", "1.2", "v2.0.0"]
  ) {
    assertEquals(after(next), false, next);
  }
  assertEquals(whyNotAfter("1.2.3", "1.2.3-rc.1"), null);
});

Deno.test("REL-001: the version is changed, and not what stands deeper", () => {
  const manifest =
    '{\n  "name": "a",\n  "version": "1.0.0",\n  "b": { "version": "1.0.0" }\n}\n';
  assertEquals(
    withVersion(manifest, "1.1.0"),
    manifest.replace("1.0.0", "1.1.0"),
  );
  assertThrows(() => withVersion('{ "b": { "version": "1" } }', "2.0.0"));
});

const CHANGELOG =
  "# Changelog\n\n## [Unreleased]\n\nTo become 0.1.0.\n\n### Added\n\n- A thing.\n\n## [0.0.9] - 2026-01-01\n\n- Old.\n";

Deno.test("REL-001: what is unreleased gets its version and day, and an empty heading above", () => {
  assertEquals(
    withRelease(CHANGELOG, "0.1.0", "2026-02-03"),
    "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-02-03\n\n### Added\n\n- A thing.\n\n## [0.0.9] - 2026-01-01\n\n- Old.\n",
  );
});

Deno.test("REL-001: nothing to release, twice the same, and no heading are errors", () => {
  const once = withRelease(CHANGELOG, "0.1.0", "2026-02-03");
  assertThrows(
    () => withRelease(once, "0.2.0", "2026-02-03"),
    Error,
    "nothing",
  );
  assertThrows(
    () => withRelease(CHANGELOG, "0.0.9", "2026-02-03"),
    Error,
    "already",
  );
  assertThrows(() => withRelease("# Changelog\n", "1.0.0", ""), Error, "lacks");
});

Deno.test("REL-001: the notes of a version are its part of the changelog", () => {
  assertEquals(notesOf(CHANGELOG, "0.0.9"), "- Old.");
  assertThrows(() => notesOf(CHANGELOG, "9.9.9"), Error, "lacks 9.9.9");
});
