import { GeoTIFF } from "geotiff";

/** A window of a tiled image: the tiles under it, and no others. */
export async function readWindow(store, window) {
  const blob = await store.openBlob("map.tif");
  const part = ({ offset, length }) =>
    blob.slice(offset, offset + length).arrayBuffer();
  const tiff = await GeoTIFF.fromSource({
    fetch: (slices) => Promise.all(slices.map(part)),
  });
  const image = await tiff.getImage();
  return await image.readRasters({ window });
}
