/**
 * A server that throws away what it is sent, in a process of its own so that its work
 * is not counted as the client's. Prints its port.
 *
 * @module
 */
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const reader = request.body?.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(1024 * 1024);
  for (;;) {
    const step = await reader?.read(new Uint8Array(buffer));
    if (step === undefined || step.done) break;
    buffer = step.value.buffer;
  }
  return new Response(null);
});
