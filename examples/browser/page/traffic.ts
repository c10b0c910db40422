/**
 * What the page sends, counted: so that a visitor sees that no byte which the service has
 * is sent again.
 *
 * @module
 */

/** The counts of a visit. */
export interface Counts {
  /** Questions to the handler. */
  questions: number;
  /** Requests to the service. */
  requests: number;
  /** Those of them that carried a part of a file, or all of it. */
  parts: number;
}

/** Sends, and counts. */
export class Traffic {
  readonly counts: Counts = { questions: 0, requests: 0, parts: 0 };

  /** Fits into the option `fetch` of backends and signers. */
  readonly fetch = async (
    url: string,
    init: RequestInit,
  ): Promise<Response> => {
    const { origin, searchParams } = new URL(url, location.href);
    if (origin === location.origin) this.counts.questions++;
    else {
      this.counts.requests++;
      const isPart = searchParams.has("partNumber") ||
        searchParams.get("comp") === "block" || init.method === "PUT";
      if (isPart) this.counts.parts++;
    }
    return await fetch(url, init);
  };
}
