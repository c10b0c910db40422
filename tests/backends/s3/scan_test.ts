import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ListPage } from "../../../core/backend.ts";
import { readPage } from "../../../backends/s3/page.ts";
import { scanPage } from "../../../backends/s3/scan.ts";
import { escapeXml } from "../../../backends/_http/tokens.ts";

function sorted({ files, folders, cursor }: ListPage): unknown {
  return { files, folders: [...folders].sort(), cursor };
}

function readOrNull(xml: string): ListPage | null {
  try {
    return readPage(xml);
  } catch {
    return null;
  }
}

/** What the scan gives is what a reader of any XML gives, and it gives nothing of what is none. */
function assertSame(xml: string): boolean {
  let scanned: ListPage | null;
  try {
    scanned = scanPage(xml);
  } catch {
    // Both say that a page goes on and not where.
    assertEquals(readOrNull(xml), null, xml);
    return false;
  }
  if (scanned === null) return false;
  const whole = readOrNull(xml);
  assert(whole !== null, xml);
  assertEquals(sorted(scanned), sorted(whole), xml);
  return true;
}

const segment = fc.oneof(
  fc.constantFrom("a", "b", "logs", "a b", "a+b", "50%", "%41", "", ".", ".."),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const key = fc.array(segment, { maxLength: 4 }).map((all) => all.join("/"));
const encode = (url: boolean) => (value: string) =>
  url
    ? encodeURIComponent(value.toWellFormed()).replaceAll("%20", "+")
    : escapeXml(value);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    ...["2026-11-21T04:00:00Z", "never", "", "2026-11-21T99:00:00.000Z"],
    ...["2026-11-21T24:00:00.000Z", "2026-11-21T04-00-00.000Z"],
  ),
);
const tag = fc.constantFrom(
  ...["&quot;e&quot;", '"e"', "e", "", "&#34;a&amp;b&#34;", 'W/"e"', "&quot;"],
);
const extras = fc.constantFrom(
  ...["", "\n  ", "<Owner><ID>x</ID><Key>no</Key></Owner>", "<Type />"],
  ...["<ChecksumAlgorithm>CRC32</ChecksumAlgorithm>", "<Size/>", "<Key></Key>"],
  ...["<!-- <Key>no</Key> -->", "<Key x='1'>attr</Key>", "<Owner/>", "text"],
  ...["<Contents><Key>deep</Key></Contents>", "<Key><![CDATA[data]]></Key>"],
  ...["<StorageClass>GLACIER</StorageClass>", "<StorageClass></StorageClass>"],
);

const contents = (url: boolean) =>
  fc.record({
    key,
    time,
    tag,
    size: fc.oneof(
      fc.nat().map(String),
      fc.constantFrom("", "-1", "1e3", "x"),
    ),
    extras: fc.array(extras, { maxLength: 3 }),
  }).map((file) =>
    `<Contents><Key>${
      encode(url)(file.key)
    }</Key><LastModified>${file.time}</LastModified><ETag>${file.tag}</ETag><Size>${file.size}</Size>${
      file.extras.join("")
    }</Contents>`
  );

const about = fc.constantFrom(
  ...["<IsTruncated>false</IsTruncated>", "<Prefix>a/</Prefix>", "\n"],
  ...["<IsTruncated>true</IsTruncated>", "<Name><Contents/></Name>", ""],
  ...["<NextContinuationToken>1+%2F&amp;</NextContinuationToken>"],
  ...["<!-- <Contents> -->", "<!-- </Contents> -->", "<x><Contents></x>"],
);

const page = fc.boolean().chain((url) => {
  const prefix = key.map((value) =>
    `<CommonPrefixes><Prefix>${encode(url)(value)}</Prefix></CommonPrefixes>`
  );
  const part = fc.oneof(
    { weight: 6, arbitrary: contents(url) },
    { weight: 2, arbitrary: prefix },
    { weight: 1, arbitrary: about },
  );
  return fc.tuple(about, fc.array(part, { maxLength: 8 }), about).map(
    ([before, parts, after]) =>
      `<?xml version="1.0"?>\n<ListBucketResult xmlns="x">${before}${
        url ? "<EncodingType>url</EncodingType>" : ""
      }${parts.join("")}${after}</ListBucketResult>`,
  );
});

Deno.test("XML-006: the scan of S3's pages gives what the reader of any XML gives, or nothing", () => {
  let scanned = 0;
  const RUNS = 3000;
  fc.assert(
    fc.property(page, (xml) => {
      if (assertSame(xml)) scanned++;
    }),
    { numRuns: RUNS },
  );
  assert(scanned > RUNS / 10, `${scanned} pages were scanned`);
});

Deno.test("XML-006: the scan gives nothing of a page that is cut or spoiled at any place", () => {
  const spoiled = fc.tuple(
    page,
    fc.nat(),
    fc.nat(40),
    fc.constantFrom("", "<", ">", "/", "&", "<!--", "</Key>", "<Contents>"),
  );
  fc.assert(
    fc.property(spoiled, ([xml, at, count, put]) => {
      const from = at % xml.length;
      assertSame(xml.slice(0, from));
      assertSame(xml.slice(0, from) + put + xml.slice(from + count));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("XML-006: a page as services write it is scanned", () => {
  const file =
    "<Contents><Key>a/b</Key><LastModified>2026-11-21T04:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size><Owner><ID>1</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>";
  const pages = [
    `<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated>${file}${file}</ListBucketResult>`,
    `<ListBucketResult>${file}\n${file}\n<IsTruncated>false</IsTruncated>\n</ListBucketResult>`,
  ];
  for (const xml of pages) {
    assertEquals(scanPage(xml)?.files.length, 2);
    assert(assertSame(xml));
  }
});

Deno.test("XML-006: files that are written in several ways on one page are scanned", () => {
  const tag = "<ETag>&#34;e&#34;</ETag>";
  const time = (day: string) =>
    `<LastModified>${day}T04:05:06.789Z</LastModified>`;
  const files = [
    `<Key>a/b</Key>${time("2026-11-21")}${tag}<Size>3</Size>`,
    `<Key>a/b%20c</Key>${
      time("2026-02-30")
    }${tag}<ChecksumType>FULL</ChecksumType><Size>4</Size>`,
    `<Size>5</Size><Key>d+e</Key><Owner><ID>1</ID><Key>f</Key></Owner>`,
    `\n<Key>g</Key>\n${time("2028-02-29")}\n<StorageClass>X</StorageClass>\n`,
    `<Key></Key>${time("2026-13-01")}<Owner/>${tag}`,
    `<Size>6</Size>`,
  ].map((file) => `<Contents>${file}</Contents>`);
  const xml = `<ListBucketResult><EncodingType>url</EncodingType>${
    files.join("")
  }${files.toReversed().join("\n")}</ListBucketResult>`;
  assert(assertSame(xml));
  assertEquals(scanPage(xml)?.files.length, 10);
});

Deno.test("XML-006: files written in more ways than services have are read as any XML", () => {
  const values = ["Key", "Size", "ETag", "StorageClass"];
  const files = Array.from({ length: 16 }, (_, i) => {
    const present = values.filter((_, bit) => i & (1 << bit));
    return `<Contents>${
      present.map((name) => `<${name}>1</${name}>`).join("")
    }</Contents>`;
  });
  const xml = `<ListBucketResult>${files.join("")}</ListBucketResult>`;
  assertEquals(scanPage(xml), null);
  assertEquals(readPage(xml).files.length, 8);
});

Deno.test("XML-006: a file that ends nowhere is given up in the time that its length takes", () => {
  const value = "<Size>1</Size>".repeat(8);
  for (const part of ["a/", "<x>1</x>", "<x><y>1</y>", "&quot;", "1"]) {
    const long = part.repeat(100_000);
    for (const file of [`<Key>${long}`, `${value}${long}`, `<ETag>${long}`]) {
      const page = `<Contents>${file}</Contents>`.repeat(2);
      const xml = `<ListBucketResult>${page}</ListBucketResult>`;
      assertSame(xml);
    }
  }
});

/** Files of one page as a service writes them: all in one way, of which only values differ. */
const uniform = fc.tuple(
  fc.boolean(),
  fc.shuffledSubarray(["Key", "LastModified", "ETag", "Size", "StorageClass"], {
    minLength: 2,
  }),
  fc.shuffledSubarray([
    ...[
      "<Owner><ID>#</ID><DisplayName>#</DisplayName></Owner>",
      "\n  ",
      "<A/>",
    ],
    ...["<ChecksumType>#</ChecksumType>", "(.*)[^]+$ \\\\ | {2}"],
  ]),
  fc.array(
    fc.record({
      Key: key,
      LastModified: time,
      ETag: tag,
      Size: fc.nat().map(String),
      StorageClass: fc.constantFrom("STANDARD", "GLACIER", ""),
      other: fc.constantFrom("CRC32", "1", "", "&amp;"),
    }),
    { minLength: 2, maxLength: 6 },
  ),
).map(([url, fields, extras, files]) => {
  const contents = files.map((file) => {
    const parts = fields.map((name, i) => {
      const value = file[name as keyof typeof file];
      const text = name === "Key" ? encode(url)(value) : value;
      return `<${name}>${text}</${name}>${
        (extras[i] ?? "").replaceAll("#", file.other)
      }`;
    });
    return `<Contents>${parts.join("")}</Contents>`;
  });
  return `<ListBucketResult>${url ? "<EncodingType>url</EncodingType>" : ""}${
    contents.join("")
  }</ListBucketResult>`;
});

Deno.test("XML-006: files that are written in one way are scanned, whatever their values are", () => {
  fc.assert(
    fc.property(uniform, (xml) => assert(assertSame(xml), xml)),
    { numRuns: 2000 },
  );
});

Deno.test("XML-006: the scan gives nothing of a page where one of many equal files is spoiled", () => {
  const unit = fc.constantFrom(
    ...[
      "<",
      ">",
      "/",
      "&",
      ";",
      "K",
      "2",
      " ",
      "",
      '"',
      "\n",
      "<!",
      "</",
      "/>",
    ],
  );
  let broken = 0;
  fc.assert(
    fc.property(uniform, fc.nat(), unit, (xml, at, put) => {
      const from = at % xml.length;
      const spoiled = xml.slice(0, from) + put + xml.slice(from + 1);
      assertSame(spoiled);
      if (readOrNull(spoiled) === null) broken++;
    }),
    { numRuns: 4000 },
  );
  assert(broken > 400, `${broken} pages were broken`);
});

Deno.test("XML-006: what stands between the values of a file is no pattern for those of others", () => {
  const file = (between: string) =>
    `<Contents>${between}<Key>a</Key>${between}<Size>1</Size></Contents>`;
  for (const between of [".*", "a|b", "[^x]", "(x)", "\\d", "^", "$", "x{2}"]) {
    const xml = (second: string) =>
      `<ListBucketResult>${file(between)}${file(second)}</ListBucketResult>`;
    assert(assertSame(xml(between)));
    assert(assertSame(xml("5")));
    assert(!assertSame(xml("<b>")));
  }
});

Deno.test("XML-006: files that come in two ways in turn are scanned to the last", () => {
  const files = Array.from(
    { length: 100 },
    (_, i) =>
      `<Contents><Key>${i}</Key>${
        i % 2 === 0 ? "<Size>1</Size>" : "<ETag>&#34;e&#34;</ETag><Owner/>"
      }</Contents>`,
  );
  const xml = `<ListBucketResult>${files.join("")}</ListBucketResult>`;
  assert(assertSame(xml));
  assertEquals(scanPage(xml)?.files.at(-1)?.etag, '"e"');
});
