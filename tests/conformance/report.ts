/** What is left out, and why. */
export interface Skip {
  /**
   * The ID of a rule, the name of a test, or the start of one. A name with `: ` and
   * the label of a point, as failures print it, leaves out that point only.
   */
  readonly test: string;
  /** Why the backend cannot hold it. Demanded: a skip without a reason is refused. */
  readonly reason: string;
}

/** The numbers of one run. They grow while the tests run. */
export interface ConformanceReport {
  /** The name that was given. */
  readonly backend: string;
  /** How many points the contract has. */
  readonly defined: number;
  /** How many of them the backend's capabilities and namespace let be observed. */
  readonly allowed: number;
  /** How many of those were left out by `skip`. */
  readonly skipped: number;
  /** How many were observed so far. */
  readonly run: number;
  /** How many of those do not hold. */
  readonly failed: number;
  /** How many tests were registered, without the last one. */
  readonly tests: number;
  /** The skips that left something out. */
  readonly skips: readonly Skip[];
  /** Returns the numbers as a line. */
  toString(): string;
}

/** The report that the suite counts in. */
export class Report implements ConformanceReport {
  /** The name that was given. */
  readonly backend: string;
  /** How many points the contract has. */
  defined = 0;
  /** How many of them the backend's capabilities and namespace let be observed. */
  allowed = 0;
  /** How many of those were left out by `skip`. */
  skipped = 0;
  /** How many were observed so far. */
  run = 0;
  /** How many of those do not hold. */
  failed = 0;
  /** How many tests were registered. */
  tests = 0;
  /** The skips that left something out. */
  readonly skips: Skip[] = [];

  /** Creates a report of nothing. */
  constructor(backend: string) {
    this.backend = backend;
  }

  /** Counts a point that is left out. */
  skip(skip: Skip): void {
    this.skipped++;
    if (!this.skips.includes(skip)) this.skips.push(skip);
  }

  /** Returns the numbers as a line. */
  toString(): string {
    return this.line(this.run);
  }

  /** Returns the line for so many points run. */
  line(run: number): string {
    const share = this.allowed === 0 ? 0 : 100 * run / this.allowed;
    // Rounded down: 100 % means all of them.
    const percent = Math.floor(share * 10) / 10;
    return `conformance ${this.backend}: ${thousands(run)} of ${
      thousands(this.allowed)
    } points (${percent} %), ${thousands(this.skipped)} skipped, ${
      thousands(this.defined)
    } defined`;
  }
}

function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
