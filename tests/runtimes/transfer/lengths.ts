/**
 * `deno task test:workerd`: what is on the wire when a Worker answers by `toResponse`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serveInWorkerd } from "../workerd.ts";
import { BASE, PLAIN } from "./served.ts";

interface Wire {
  readonly status: number;
  readonly length: string | null;
  readonly encoding: string | null;
  readonly bytes: number;
}

/** Asks by a bare connection: what a client would add or hide is seen. */
async function ask(
  origin: string,
  method: string,
  path: string,
  fields: readonly string[] = [],
): Promise<Wire> {
  const { hostname, port, host } = new URL(origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    "connection: close",
    ...fields,
  ];
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const answer = await new Response(connection.readable).bytes();
  const text = new TextDecoder("latin1").decode(answer);
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...rest] = text.slice(0, end).split("\r\n");
  const headers = new Headers(
    rest.map((line) => line.split(/:\s*/, 2) as [string, string]),
  );
  return {
    status: Number(first.split(" ")[1]),
    length: headers.get("content-length"),
    encoding: headers.get("transfer-encoding"),
    bytes: answer.length - end - 4,
  };
}

Deno.test("XFER-019 in workerd the length is on the wire: of a file, of a part, and for HEAD", async () => {
  await using workerd = await serveInWorkerd("tests/runtimes/transfer/edge.ts");
  const { origin } = workerd;
  const size = PLAIN.length;
  const path = `${BASE}plain.txt`;
  const whole = { length: `${size}`, encoding: null };
  assertEquals(await ask(origin, "GET", path), {
    status: 200,
    ...whole,
    bytes: size,
  });
  assertEquals(await ask(origin, "HEAD", path), {
    status: 200,
    ...whole,
    bytes: 0,
  });
  assertEquals(await ask(origin, "GET", path, ["range: bytes=1-4"]), {
    status: 206,
    length: "4",
    encoding: null,
    bytes: 4,
  });
  // As a Response of the caller's own, too.
  assertEquals(await ask(origin, "GET", "/plain.txt"), {
    status: 200,
    ...whole,
    bytes: size,
  });
});
