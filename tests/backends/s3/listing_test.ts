import { assertEquals, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import { parseListing } from "../../../backends/s3/listing.ts";

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

Deno.test("S3-008: a marker is a folder, and what no path can name is left out", () => {
  const { files, folders } = parseListing(
    page(
      ["a/", "b//c", "/d", "e/../f", "./g", "g\\h", "h..", "/"].map((k) =>
        file(k)
      )
        .join(""),
    ),
  );
  assertEquals(files.map(({ key }) => key), ["h.."]);
  assertEquals(folders, ["a"]);
});

Deno.test("S3-006: common prefixes are folders", () => {
  const prefix = (text: string) =>
    `<CommonPrefixes><Prefix>${text}</Prefix></CommonPrefixes>`;
  const { folders } = parseListing(
    page(file("x") + prefix("a/") + prefix("b/c/") + prefix("//")),
  );
  assertEquals(folders, ["a", "b/c"]);
  const mixed = parseListing(
    page(
      prefix("a/") + file("b") + prefix("c/") + file("d") + prefix("e/") +
        file("f"),
    ),
  );
  assertEquals(mixed.folders, ["a", "c", "e"]);
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
    assertThrows(() => parseListing(xml), Error, "cut off");
  }
});

Deno.test("S3-027: files without fields cost no look at the rest of the page", () => {
  const bare = "<Contents><Key>k</Key></Contents>".repeat(20_000);
  const started = performance.now();
  assertEquals(parseListing(page(bare)).files.length, 20_000);
  assertEquals(performance.now() - started < 2000, true);
});
