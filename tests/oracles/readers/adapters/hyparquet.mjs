import { parquetReadObjects } from "hyparquet";

/** Ten rows of one column. */
export async function readRows(store) {
  const blob = await store.openBlob("trips.parquet");
  const { size: byteLength } = blob;
  const slice = (from, to) => blob.slice(from, to).arrayBuffer();
  return await parquetReadObjects({
    file: { byteLength, slice },
    columns: ["fare"],
    rowStart: 150_000,
    rowEnd: 150_010,
  });
}
