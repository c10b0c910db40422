/** Reads the stream to its end into one array. */
export function toBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  // A locked stream is refused by the constructor, so the throw is synchronous.
  const body = new Response(stream);
  return body.arrayBuffer().then((buffer) => new Uint8Array(buffer));
}
