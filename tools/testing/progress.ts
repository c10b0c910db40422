/**
 * Pure: what `deno test` prints, line by line, as one line a file, the errors in full, and
 * the summary.
 *
 * @module
 */
import { MARK } from "./groups.ts";

interface Counted {
  readonly file: string;
  passed: number;
  failed: number;
}

const RESULT_REGEXP =
  /^(?:(\S+) => )?(.*) \.\.\. (ok|FAILED|ignored(?: \([^)]*\))?) \(\S+\)$/;
const SUMMARY_REGEXP = /^(?:ok|FAILED) \| .*\d+ passed/;

/** Takes the lines of a run, and gives those to print. */
export class Progress {
  readonly #open = new Map<string, Counted>();
  #marks = 0;
  #tells = false;

  /** Returns what is to be printed at a line. */
  take(line: string): string[] {
    if (SUMMARY_REGEXP.test(line)) {
      return [...this.end(), "", this.#summary(line)];
    }
    // From the list of errors on, all of it is told.
    if (/^ (?:ERRORS|FAILURES) $/.test(line) || /^error: /.test(line)) {
      const before = this.#tells ? [] : this.end();
      this.#tells = true;
      return [...before, line];
    }
    if (this.#tells) return [line];
    const found = RESULT_REGEXP.exec(line);
    if (found === null) return [];
    const [, module = "", name = "", outcome = ""] = found;
    if (name.startsWith(MARK)) {
      this.#marks++;
      const closed = this.#close(module);
      const file = name.slice(MARK.length);
      this.#open.set(module, { file, passed: 0, failed: 0 });
      return closed;
    }
    const counted = this.#open.get(module);
    if (counted === undefined) return [];
    if (outcome === "ok") counted.passed++;
    else if (outcome === "FAILED") {
      counted.failed++;
      return [`${counted.file}: ${name} FAILED`];
    }
    return [];
  }

  /** Returns the lines of the files that are not told yet. */
  end(): string[] {
    return [...this.#open.keys()].flatMap((module) => this.#close(module));
  }

  #close(module: string): string[] {
    const counted = this.#open.get(module);
    this.#open.delete(module);
    if (counted === undefined) return [];
    const { file, passed, failed } = counted;
    const bad = failed === 0 ? "" : `, ${failed} FAILED`;
    return [`${file} ${passed}${bad}`];
  }

  // The marks were no tests of anybody's.
  #summary(line: string): string {
    return line.replace(/ \| (\d+) ignored/, (_, count) => {
      const left = Number(count) - this.#marks;
      return left > 0 ? ` | ${left} ignored` : "";
    });
  }
}
