import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import {
  listBlobs,
  toListPage,
  withFolders,
} from "../../../backends/azure/listing.ts";
import { createFake } from "./fake_store.ts";

const page = (blobs: string, next = "") =>
  `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blobs}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;

const blob = (name: string, metadata = "", properties = "") =>
  `<Blob><Name>${name}</Name><Properties><Etag>0x1</Etag><Content-Length>3</Content-Length>${properties}</Properties><Metadata>${metadata}</Metadata></Blob>`;

Deno.test("AZ-023 toListPage() reads a file with all it says", () => {
  const properties =
    "<Last-Modified>Fri, 26 Jun 2026 23:39:12 GMT</Last-Modified><Content-Type>text/csv</Content-Type><Content-MD5>XrY7u+Ae7tCTyyK7j1rNww==</Content-MD5><Cache-Control>no-store</Cache-Control>";
  const { files, folders, cursor } = toListPage(
    page(blob("a&amp;b.txt", "<Kind>=?UTF-8?B?w6k=?=</Kind>", properties)),
  );
  assertEquals(folders, []);
  assertEquals(cursor, null);
  const { digest, ...file } = files[0] ?? {};
  assertEquals(digest?.value, "5eb63bbbe01eeed093cb22bb8f5acdc3");
  assertEquals(file, {
    key: "a&b.txt",
    kind: "file",
    size: 3,
    lastModified: Date.UTC(2026, 5, 26, 23, 39, 12),
    etag: '"0x1"',
    contentType: "text/csv",
    metadata: { kind: "é" },
    extra: { cacheControl: "no-store" },
  });
});

Deno.test("AZ-008 toListPage() gives names as they are and says what is marked, withFolders() takes that for folders", () => {
  const xml = page(
    "<BlobPrefix><Name>d/</Name></BlobPrefix>" +
      blob("d", "<hdi_isfolder>true</hdi_isfolder>") +
      blob("e/") +
      blob("f", "", "<ResourceType>directory</ResourceType>") +
      blob("g", "<hdi_isfolder>false</hdi_isfolder>"),
  );
  const listed = toListPage(xml);
  assertEquals(listed.folders, ["d/"]);
  const marks = listed.files.map(({ key, folderMark }) => [key, folderMark]);
  assertEquals(
    marks,
    [["d", true], ["e/", undefined], ["f", true]].concat([
      ["g", undefined],
    ]),
  );
  assertEquals(
    listed.files.map(({ metadata }) => metadata),
    Array(4).fill(null),
  );
  const { files, folders } = withFolders(listed);
  assertEquals(folders, ["d/", "d", "f"]);
  assertEquals(files.map(({ key }) => key), ["e/", "g"]);
});

Deno.test("WR-013 toListPage() is not confused by metadata that is called like its own elements", () => {
  const metadata = "<Blob>b</Blob><Name>n</Name><Properties>p</Properties>";
  const { files } = toListPage(page(blob("a", metadata) + blob("b")));
  assertEquals(files.map((file) => file.key), ["a", "b"]);
  assertEquals(files[0]?.metadata, { blob: "b", name: "n", properties: "p" });
});

Deno.test("KEY-001 toListPage() decodes a name that XML cannot carry", () => {
  const xml = page(
    '<Blob><Name Encoded="true">a%EF%BF%BFb%25</Name><Properties></Properties></Blob>',
  );
  assertEquals(toListPage(xml).files[0]?.key, "a\uffffb%");
});

Deno.test("AZ-019 toListPage() gives the marker back as it came, and null at the end", () => {
  assertEquals(toListPage(page("", "2!a&amp;b")).cursor, "2!a&b");
  assertEquals(toListPage(page("")).cursor, null);
});

Deno.test("AZ-019 listBlobs() walks pages of any size without loss, by any prefix", async () => {
  const { paths, settings, sent } = createFake();
  const names = Array.from({ length: 7 }, (_, n) => `a/b${n}.txt`);
  for (const name of [...names, "other"]) paths.put(name, {});
  const found: string[] = [];
  let cursor: string | object | null = null;
  do {
    const got = await listBlobs(settings.container, "a/b", {
      shallow: false,
      cursor,
      limit: 3,
      maxDepth: null,
      signal: undefined,
    });
    found.push(...got.files.map((file) => file.key));
    cursor = got.cursor;
  } while (cursor !== null);
  assertEquals(found, names);
  assertEquals(sent.length, 3);
});

Deno.test("XML-004: toListPage() fails for a page that is cut off at any place, and for none", () => {
  const whole = page(blob("a") + blob("b"));
  const foreign = [
    "<html><body>Sign in</body></html>",
    "{}",
    // What the account lists, and not the container.
    "<EnumerationResults><Containers/></EnumerationResults>",
    "<EnumerationResults/>",
    page("<Blob></Blob>"),
    page('<Blob><Name Encoded="true">%</Name></Blob>'),
  ];
  const cut = Array.from(whole, (_, end) => whole.slice(0, end));
  for (const xml of [...cut, ...foreign]) {
    assertThrows(() => toListPage(xml), BackendUnavailableError, "", xml);
  }
  assertEquals(toListPage(whole).files.length, 2);
});

Deno.test("XML-002: toListPage() finds all files, whatever their metadata is called", () => {
  const names = ["Blobs", "BlobPrefix", "NextMarker", "EnumerationResults"];
  const metadata = names.map((name) => `<${name}>x</${name}>`).join("");
  const { files, folders, cursor } = toListPage(
    page(blob("a", metadata) + blob("b", "<Blobs />") + blob("c"), "next"),
  );
  assertEquals(files.map(({ key }) => key), ["a", "b", "c"]);
  assertEquals(files[0]?.metadata?.["blobs"], "x");
  assertEquals([folders, cursor], [[], "next"]);
});

Deno.test("XML-007: what is kept of a page does not keep the page", () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const BLOBS = 2000;
  const MIB = 1024 * 1024;
  // Flat text, as it comes from the network.
  const encoded = (number: number) =>
    new TextEncoder().encode(page(
      Array.from({ length: BLOBS }, (_, n) =>
        blob(
          `logs/2026/11/page-${number}-blob-${n}.log`,
          `<long_enough_to_be_a_slice>so is this one ${n}</long_enough_to_be_a_slice>`,
          "<Content-Type>application/octet-stream</Content-Type><Cache-Control>no-store, no-transform</Cache-Control><ServerEncrypted>true</ServerEncrypted>"
            .repeat(2),
        )).join(""),
      `next page after ${number}`,
    ));
  const read = (number: number) => {
    const bytes = encoded(number);
    const { files, cursor } = toListPage(new TextDecoder().decode(bytes));
    return { size: bytes.byteLength, kept: [files[BLOBS / 2], cursor] };
  };
  read(0);
  collect();
  const before = Deno.memoryUsage().heapUsed;
  const pages = Array.from({ length: 20 }, (_, number) => read(number));
  collect();
  const grown = Deno.memoryUsage().heapUsed - before;
  const size = pages.reduce((sum, each) => sum + each.size, 0);
  assert(size > 16 * MIB, `${size} bytes were read`);
  assert(grown < size / 8, `${grown} bytes are kept of ${size}`);
});
