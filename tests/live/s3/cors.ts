/**
 * A bucket that pages may use.
 *
 * @module
 */

// S3 takes no wildcard in what is exposed: these are the keys of the conformance suite,
// as Ceph is told them.
const METADATA =
  "author by city code contentauthor draft empty fresh k key kind mood note " +
  "old sha256 text under%5fscore x%5fkind x-kind x.kind xkind";

const EXPOSED =
  "etag content-disposition content-encoding content-range x-amz-bucket-region " +
  "x-amz-storage-class x-amz-version-id";

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/** Creates a bucket which pages of every origin may use. */
export async function createOpenBucket(
  bucket: string,
  put: (path: string, body?: string) => Promise<Response>,
): Promise<void> {
  const all = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${value}</${name}>`).join("");
  const rules =
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>" +
    all("AllowedMethod", METHODS) + "<AllowedHeader>*</AllowedHeader>" +
    all("ExposeHeader", EXPOSED.split(" ")) +
    all("ExposeHeader", METADATA.split(" ").map((key) => `x-amz-meta-${key}`)) +
    "<MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>";
  for (const [path, body] of [[`/${bucket}`], [`/${bucket}?cors`, rules]]) {
    const response = await put(path!, body);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`PUT ${path}: ${response.status} ${text}`);
    }
  }
}
