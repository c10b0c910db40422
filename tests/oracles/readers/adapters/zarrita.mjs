import * as zarr from "zarrita";

/** A part of an array; a chunk that is absent holds its fill value. */
export async function readPart(store, ...selection) {
  const get = async (key, range) => {
    const file = await store.open(key.slice(1), { range, missingOk: true });
    return file ? await new Response(file.body).bytes() : undefined;
  };
  const getRange = (key, { suffixLength: suffix, ...range }) =>
    get(key, suffix === undefined ? range : { suffix });
  const root = zarr.root({ get: (key) => get(key), getRange });
  const array = await zarr.open.v3(root, { kind: "array" });
  return await zarr.get(array, selection);
}
