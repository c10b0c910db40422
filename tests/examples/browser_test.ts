import { isRemoteStoreError, Store } from "@remote-store/core";
import {
  describeRemote,
  RemoteS3Backend,
  remoteSigner,
} from "@remote-store/core/backends/s3-remote";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  besidePath,
  bornAt,
  newId,
  parseJob,
} from "../../examples/browser/page/job.ts";
import { shownAs, typeOf } from "../../examples/browser/page/media.ts";
import {
  countText,
  leftText,
  sizeText,
} from "../../examples/browser/page/words.ts";
import { MAX_SIZE, whyRefused } from "../../examples/browser/rules.ts";
import {
  type Asset,
  createApp,
  type Handler,
} from "../../examples/browser/server/app.ts";
import { optionsOf, storeOf } from "../backends/s3/setup.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

const PAGE = "https://app.example.com";
const ORIGIN = "http://s3.test";

function serve(fake: FakeS3): Handler {
  const assets = new Map<string, Asset>([
    ["/", { type: "text/html; charset=utf-8", body: "<!doctype html>" }],
    ["/page.js", { type: "text/javascript; charset=utf-8", body: "1" }],
  ]);
  const service = {
    name: "s3",
    origin: ORIGIN,
    store: storeOf(fake, { partSize: 5 * 2 ** 20 }),
    signing: s3Signing,
  };
  return createApp({ services: [service], assets });
}

/** Visits the page as a browser does; returns the cookie. */
async function visit(app: Handler): Promise<string> {
  const answer = await app(new Request(`${PAGE}/`));
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

/** Opens the store of a page that has a cookie, and leaves out all checks of the page's own. */
async function openPage(
  app: Handler,
  fake: FakeS3,
  cookie: string,
  root?: string,
): Promise<Store> {
  const send = (url: string, init: RequestInit = {}) => {
    if (!url.startsWith(PAGE)) return fake.fetch(url, init);
    const headers = new Headers(init.headers);
    headers.set("sec-fetch-site", "same-origin");
    if (cookie !== "") headers.set("cookie", cookie);
    return app(new Request(url, { ...init, headers }));
  };
  const url = `${PAGE}/sign/s3`;
  const told = await describeRemote(url, { fetch: send });
  const { credentials: _, ...options } = optionsOf(fake);
  const backend = new RemoteS3Backend({
    ...options,
    signer: remoteSigner(url, { fetch: send }),
    fetch: send,
  });
  return new Store({ backend, root: root ?? told.root });
}

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isRemoteStoreError(error)) return error.code;
    throw error;
  }
}

Deno.test("WEB-017 browser: the server holds what the page refuses, whatever the page does", async () => {
  const fake = new FakeS3();
  const app = serve(fake);
  const page = await openPage(app, fake, await visit(app));
  const svg = { contentType: "image/svg+xml" };
  const html = { contentType: "text/HTML; charset=utf-8" };
  assertEquals(
    await codeOf(page.write("a", "<svg/>", svg)),
    "PermissionDenied",
  );
  assertEquals(await codeOf(page.write("a", "<p>", html)), "PermissionDenied");
  const huge = new Blob([new Uint8Array(MAX_SIZE + 1)]);
  assertEquals(await codeOf(page.write("a", huge)), "PermissionDenied");
  assertEquals(fake.bucket.objects.size + fake.bucket.uploads.size, 0);
  void await page.write("a.txt", "a", { contentType: "text/plain" });
  assertEquals(await page.readText("a.txt"), "a");
});

Deno.test("WEB-018 browser: each visitor has a folder, and nobody without a session has one", async () => {
  const fake = new FakeS3();
  const app = serve(fake);
  const [one, other] = [await visit(app), await visit(app)];
  assert(one !== "" && one !== other);
  const page = await openPage(app, fake, one);
  void await page.write("a.txt", "a", { contentType: "text/plain" });
  const [key = ""] = fake.bucket.objects.keys();
  assertMatch(key, /^visitors\/[\da-f-]{36}\/a\.txt$/);
  const root = key.slice(0, key.lastIndexOf("/"));
  const intruder = await openPage(app, fake, other, root);
  assertEquals(await codeOf(intruder.readText("a.txt")), "InvalidPath");
  const stranger = () => openPage(app, fake, "");
  assertEquals(await codeOf(stranger()), "PermissionDenied");
});

Deno.test("WEB-019 browser: the page's files come with a policy that lets nothing else in", async () => {
  const app = serve(new FakeS3());
  const answer = await app(new Request(`${PAGE}/`));
  const policy = answer.headers.get("content-security-policy") ?? "";
  assertMatch(policy, /default-src 'none'/);
  assertMatch(policy, /script-src 'self'(;|$)/);
  assertMatch(policy, /style-src 'self'(;|$)/);
  assertMatch(policy, /require-trusted-types-for 'script'/);
  assertEquals(/unsafe|\*/.test(policy), false);
  assert(policy.includes(`connect-src 'self' ${ORIGIN}`));
  assertMatch(
    answer.headers.get("set-cookie") ?? "",
    /httponly; samesite=strict/,
  );
  const again = await app(
    new Request(`${PAGE}/`, {
      headers: { cookie: answer.headers.get("set-cookie")!.split(";")[0]! },
    }),
  );
  assertEquals(again.headers.get("set-cookie"), null);
  const missing = await app(new Request(`${PAGE}/../deno.json`));
  assertEquals(missing.status, 404);
  const post = await app(new Request(`${PAGE}/`, { method: "POST" }));
  assertEquals(post.status, 405);
});

Deno.test("WEB-020 browser: nothing in the page is inline, or from elsewhere", async () => {
  const html = await Deno.readTextFile("examples/browser/page/index.html");
  assertEquals(/<style|style=|\son\w+=|javascript:/i.test(html), false);
  for (const [, source] of html.matchAll(/<script[^>]*>([^<]*)</g)) {
    assertEquals(source, "");
  }
  for (const [, url = ""] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
    assertMatch(url, /^(?:\/[a-z]|#)/);
  }
});

Deno.test("browser: types that could act in a browser are refused, and others not", () => {
  const refused = [
    "image/svg+xml",
    "text/html",
    "text/javascript",
    "application/xml",
    "application/xhtml+xml",
    "text/xml; charset=utf-8",
    "application/x-msdownload",
    "image/png, text/html",
    "",
  ];
  for (const contentType of refused) {
    assert(whyRefused({ size: 1, contentType }) !== null, contentType);
  }
  const welcome = [
    null,
    "image/png",
    "IMAGE/JPEG",
    "video/mp4",
    "text/plain; charset=utf-8",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ];
  for (const contentType of welcome) {
    assertEquals(whyRefused({ size: MAX_SIZE, contentType }), null);
  }
  assert(whyRefused({ size: MAX_SIZE + 1, contentType: null }) !== null);
  assert(whyRefused({ size: null, contentType: null }) !== null);
});

Deno.test("browser: a type is the browser's word, or the name's", () => {
  assertEquals(typeOf({ name: "a.md", type: "" }), "text/markdown");
  assertEquals(typeOf({ name: "A.SVG", type: "" }), "image/svg+xml");
  assertEquals(typeOf({ name: "a", type: "" }), "application/octet-stream");
  const told = { name: "a.txt", type: "text/plain;charset=utf-8" };
  assertEquals(typeOf(told), "text/plain");
  const shown = ["image/png", "text/csv", "application/json", "font/woff"];
  assertEquals(shown.map(shownAs), ["image", "text", "text", "nothing"]);
});

Deno.test("browser: uploads have ids in their order, and texts that are none are no job", () => {
  const ids = [newId(5), newId(5), newId(4), newId(2 ** 41)];
  assertEquals([...ids].sort(), ids);
  assertEquals(ids.map(bornAt), [5, 6, 7, 2 ** 41]);
  for (const text of ["", "null", "{}", '{"id":1}', "[]"]) {
    assertEquals(parseJob(text), null, text);
  }
});

Deno.test("browser: what is kept beside another file is named after it", () => {
  const paths = ["a.txt", "a/b.c/d", "x/.profile", "x/a.tar.gz", "a.b/c.d"];
  assertEquals(paths.map((path) => besidePath(path, 2)), [
    "a (2).txt",
    "a/b.c/d (2)",
    "x/.profile (2)",
    "x/a.tar (2).gz",
    "a.b/c (2).d",
  ]);
});

Deno.test("browser: sizes, times and counts are words", () => {
  assertEquals(
    [0, 999, 1000, 999_499, 999_500, 25_165_824, 3e12].map(sizeText),
    ["0 B", "999 B", "1.0 kB", "999 kB", "1.0 MB", "25.2 MB", "3.0 TB"],
  );
  assertEquals(sizeText(null), "?");
  assertEquals([0.2, 89, 120].map(leftText), [
    "1 s left",
    "89 s left",
    "2 min left",
  ]);
  assertEquals(leftText(Infinity), "");
  assertEquals([countText(1, "file"), countText(1200, "file")], [
    "1 file",
    "1,200 files",
  ]);
});
