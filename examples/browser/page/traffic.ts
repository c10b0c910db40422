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
  /** When the last signature ends that it has got; `null` before there is one. */
  signedUntil: Date | null = null;

  /** Fits into the option `fetch` of backends and signers. */
  readonly fetch = async (
    url: string,
    init: RequestInit,
  ): Promise<Response> => {
    const { origin, searchParams } = new URL(url, location.href);
    if (origin === location.origin) {
      this.counts.questions++;
      const answer = await fetch(url, init);
      void this.#look(answer.clone());
      return answer;
    }
    this.counts.requests++;
    const isPart = searchParams.has("partNumber") ||
      searchParams.get("comp") === "block" || init.method === "PUT";
    if (isPart) this.counts.parts++;
    return await fetch(url, init);
  };

  async #look(answer: Response): Promise<void> {
    try {
      const { results = [] } = await answer.json();
      for (const { expires } of results) {
        if (typeof expires === "string") this.signedUntil = new Date(expires);
      }
    } catch {
      // A refusal, or the answer of the service itself, passed on.
    }
  }
}
