import { broken } from "./exchange.ts";

/** Where the body of an answer breaks off. */
export interface Cut {
  /** After how many bytes. */
  readonly at: number;
  /** Whether its end looks like the end: as where no length was announced. */
  readonly silently: boolean;
}

/** Returns an answer with a body of its own, which says when it is let go of. */
export function watched(
  response: Response,
  cut: Cut | null,
  released: () => void,
): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) {
    released();
    return response;
  }
  const reader = body.getReader();
  let left = cut?.at ?? Infinity;
  const source: UnderlyingByteSource = {
    type: "bytes",
    async pull(controller) {
      try {
        // A stream of bytes takes no empty chunk.
        let chunk: Uint8Array<ArrayBuffer> | undefined;
        while (left > 0 && !chunk?.byteLength) {
          const { done, value } = await reader.read();
          if (done) break;
          chunk = value.subarray(0, left) as Uint8Array<ArrayBuffer>;
        }
        if (chunk?.byteLength) {
          left -= chunk.byteLength;
          return controller.enqueue(chunk);
        }
        released();
        if (cut !== null) await reader.cancel();
        if (cut !== null && !cut.silently) throw broken("within the answer");
        controller.close();
        controller.byobRequest?.respond(0);
      } catch (error) {
        released();
        controller.error(error);
      }
    },
    async cancel(reason) {
      released();
      await reader.cancel(reason);
    },
  };
  const stream = new ReadableStream(source, { highWaterMark: 0 });
  const copy = new Response(stream, { status, statusText, headers });
  // A response of one's own has none of these, and some callers look where they were led.
  for (const name of ["url", "redirected", "type"] as const) {
    Object.defineProperty(copy, name, { value: response[name] });
  }
  return copy;
}
