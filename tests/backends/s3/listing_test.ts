import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import { parseListing } from "../../../backends/s3/listing.ts";
import { escapeXml } from "../../../backends/_http/tokens.ts";
import { inTime } from "../../in_time.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

const page = (inner: string, truncated = false) =>
  `<?xml version="1.0"?>\n<ListBucketResult xmlns="x"><Name>b</Name>${inner}<IsTruncated>${truncated}</IsTruncated></ListBucketResult>`;
const file = (key: string, more = "") =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-21T04:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Owner><ID>x</ID><Key>no</Key></Owner><Size>3</Size>${more}</Contents>`;
const keys = (xml: string) => parseListing(xml).files.map(({ key }) => key);

Deno.test("S3-023: a file with all that a listing says", () => {
  const { files, folders, cursor } = parseListing(
    page(file("a.txt", "<StorageClass>GLACIER</StorageClass>")),
  );
  assertEquals(files, [{
    key: "a.txt",
    kind: "file",
    size: 3,
    lastModified: Date.UTC(2026, 10, 21, 4),
    etag: '"e"',
    digest: null,
    contentType: null,
    metadata: null,
    extra: { storageClass: "GLACIER" },
  }]);
  assertEquals([folders, cursor], [[], null]);
});

Deno.test("PATH-001: keys are decoded only where the service says that it encoded them", () => {
  const odd = file("a+b%20c&amp;&#39;&apos;&#x1;");
  assertEquals(keys(page(odd)), ["a+b%20c&''\x01"]);
  assertEquals(
    keys(
      page(`<EncodingType>url</EncodingType>${file("a+b%2Bc%2F%C3%BC&apos;")}`),
    ),
    ["a b+c/ü'"],
  );
});

Deno.test("S3-008: names come as they are, markers and what no path can name among them", () => {
  const names = ["a/", "b//c", "b//d", "/d", "e/../f", "e/..", "e/.", "./g"]
    .concat(["g\\h", "h..", "/", "", "..", "c//", "\0"]);
  const { files, folders } = parseListing(
    page(names.map((name) => file(name)).join("")),
  );
  assertEquals(files.map(({ key }) => key), names);
  assertEquals(folders, []);
});

Deno.test("S3-006: common prefixes are folders", () => {
  const prefix = (text: string) =>
    `<CommonPrefixes><Prefix>${text}</Prefix></CommonPrefixes>`;
  const { folders } = parseListing(
    page(file("x") + prefix("a/") + prefix("b/c/") + prefix("//")),
  );
  assertEquals(folders, ["a/", "b/c/", "//"]);
  const mixed = parseListing(
    page(
      prefix("a/") + file("b") + prefix("c/") + file("d") + prefix("e/") +
        file("f"),
    ),
  );
  assertEquals(mixed.folders, ["a/", "c/", "e/"]);
  assertEquals(mixed.files.map(({ key }) => key), ["b", "d", "f"]);
});

Deno.test("S3-023: a tag is quoted, however the service writes it", () => {
  const tags = [
    "&quot;e&quot;",
    "e",
    '"e"',
    "&#34;e&#34;",
    "&quot;a&amp;b&quot;",
  ];
  const found = tags.map((tag) => {
    const xml = `<Contents><Key>a</Key><ETag>${tag}</ETag></Contents>`;
    return parseListing(page(xml)).files[0]?.etag;
  });
  assertEquals(found, ['"e"', '"e"', '"e"', '"e"', '"a&b"']);
});

Deno.test("S3-023: a time is read in whatever form the service writes it", () => {
  const times: [string, number | null][] = [
    ["2026-11-21T04:00:00.000Z", Date.UTC(2026, 10, 21, 4)],
    ["2026-11-21T23:59:59.987Z", Date.UTC(2026, 10, 21, 23, 59, 59, 987)],
    ["2027-02-28T00:00:00.001Z", Date.UTC(2027, 1, 28, 0, 0, 0, 1)],
    ["2026-11-21T04:05:06Z", Date.UTC(2026, 10, 21, 4, 5, 6)],
    ["2026-11-21T04:05:06.0000Z", Date.UTC(2026, 10, 21, 4, 5, 6)],
    ["2026-11-21T04:05:06+01:00", Date.UTC(2026, 10, 21, 3, 5, 6)],
    ["Sat, 21 Nov 2026 04:05:06 GMT", Date.UTC(2026, 10, 21, 4, 5, 6)],
    ["2026-99-21T04:00:00.000Z", null],
    ["2026-11-21T0x:00:00.000Z", null],
    ["2026-11-21T04:00:00.00-Z", null],
    ["not a time at all, but 24Z", null],
    ["never", null],
  ];
  const xml = times.map(([time]) =>
    `<Contents><Key>a</Key><LastModified>${time}</LastModified></Contents>`
  );
  assertEquals(
    parseListing(page(xml.join(""))).files.map((f) => f.lastModified),
    times.map(([, milliseconds]) => milliseconds),
  );
});

Deno.test("PATH-001: any keys in any order come back as they are", () => {
  const names = [
    "plain.txt",
    "two words",
    "a+b",
    "50%",
    "%41",
    "R&D",
    "<tag>",
    "it's",
    'a "quote"',
    ".hidden",
    "..two",
    "dots.",
    "ü",
    "日本語",
    "😀",
    "\x01",
    "&amp;",
  ];
  const folders = ["", "a/", "a/b/", "a b/", "a+b/", "ü/", "50%/%41/", "R&D/"];
  const keys = folders.flatMap((folder) => names.map((name) => folder + name));
  // Each after each other one, so that every neighbor is met.
  const paired = keys.flatMap((key, i) => [key, keys[(i * 7) % keys.length]!]);
  const listed = (text: (key: string) => string, start: string) =>
    parseListing(page(start + paired.map((key) => file(text(key))).join("")))
      .files.map(({ key }) => key);
  assertEquals(listed(escapeXml, ""), paired);
  const url = "<EncodingType>url</EncodingType>";
  const asAws = (key: string) =>
    encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
  assertEquals(listed(asAws, url), paired);
  assertEquals(listed(encodeURIComponent, url), paired);
});

Deno.test("BE-021: a page that is cut off inside of a file is an error, and no shorter page", () => {
  const whole = page(file("a") + file("b"));
  const end = "</ListBucketResult>";
  for (const cut of ["<Key>b", "<Size>", "</Size>", "<ID>x</ID>", "</ETag"]) {
    const at = whole.lastIndexOf(cut);
    assertThrows(
      () => parseListing(whole.slice(0, at + 3) + end),
      BackendUnavailableError,
      "cut off",
      cut,
    );
  }
});

Deno.test("S3-027: a token comes back as it stands, and its absence is an error", () => {
  const token = "<NextContinuationToken>1+/a&amp;%20</NextContinuationToken>";
  const listing = `<EncodingType>url</EncodingType>${token}${file("a")}`;
  assertEquals(parseListing(page(listing, true)).cursor, "1+/a&%20");
  const behind = page(file("a") + token, true);
  assertEquals(parseListing(behind).cursor, "1+/a&%20");
  assertThrows(
    () => parseListing(page(file("a"), true)),
    Error,
    "does not say where",
  );
});

Deno.test("BE-021: a page that is cut off is no page", () => {
  for (const xml of ["", "<html/>", page(file("a")).slice(0, -20)]) {
    assertThrows(() => parseListing(xml), BackendUnavailableError);
  }
});

Deno.test("S3-027: files without fields cost no look at the rest of the page", async () => {
  const bare = "<Contents><Key>k</Key></Contents>".repeat(20_000);
  await inTime(
    2000,
    () => assertEquals(parseListing(page(bare)).files.length, 20_000),
  );
});

Deno.test("FROM-002 a service that does not know start-after is found out, and no endless first page", async () => {
  const fake = new FakeS3({ ignoresStart: true });
  const store = storeOf(fake, { dialect: "generic" });
  for (const path of ["a", "b", "c"]) void await store.write(path, "");
  await assertRejects(
    () => Array.fromAsync(store.listFiles("", { startAfter: "b" })),
    BackendUnavailableError,
    "does not begin behind the name",
  );
  const known = new FakeS3({ pageSize: 2 });
  const other = storeOf(known);
  for (const path of ["a", "b", "c", "d", "e"]) await other.write(path, "");
  known.log.length = 0;
  const rest = await Array.fromAsync(
    other.listFiles("", { startAfter: "a", limit: 3 }),
  );
  assertEquals(rest.map(({ path }) => path), ["b", "c", "d"]);
  assertEquals(known.log.length, 2);
  assertEquals(known.log[0]?.includes("max-keys=3&start-after=a"), true);
  assertEquals(known.log[1]?.includes("start-after"), false);
});
