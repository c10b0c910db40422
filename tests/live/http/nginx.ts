/**
 * Starts nginx, from Debian's packages, over a folder of its own on a free port.
 *
 * @module
 */
import { freePort } from "../../servers/ports.ts";

/** Milliseconds until a start counts as failed. */
const START_BUDGET = 60_000;

/** A running nginx. */
export interface Nginx extends AsyncDisposable {
  /** The URL of its root. */
  readonly url: string;
  /** The folder that it serves. */
  readonly folder: string;
}

const config = (folder: string, port: number) => `
daemon off;
worker_processes 1;
user root;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type application/octet-stream;
  types { text/plain txt; }
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    location ~ /ping$ { return 200 "here"; }
    location /gz/ { add_header Content-Encoding gzip; }
    location /nohead/ { if ($request_method = HEAD) { return 405; } }
    location /denied/ { return 403; }
    location /norange/ { max_ranges 0; }
  }
}
`;

/** Starts nginx and waits until it answers; disposal stops it and removes its folder. */
export async function startNginx(): Promise<Nginx> {
  const folder = await Deno.makeTempDir({ prefix: "remote-store-nginx-" });
  await Deno.mkdir(`${folder}/files`);
  const port = freePort();
  const file = `${folder}/nginx.conf`;
  await Deno.writeTextFile(file, config(folder, port));
  const process = new Deno.Command("nginx", {
    args: ["-c", file, "-e", `${folder}/error.log`],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const url = `http://127.0.0.1:${port}/`;
  let ended = false;
  process.status.then(() => ended = true);
  for (const end = performance.now() + START_BUDGET;;) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer !== null) break;
    if (ended) throw new Error("nginx ended: what it printed stands above");
    if (performance.now() > end) throw new Error("nginx does not answer");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    folder: `${folder}/files`,
    async [Symbol.asyncDispose]() {
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
