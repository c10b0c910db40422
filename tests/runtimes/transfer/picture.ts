/**
 * Runs in a page: what a picture shows.
 *
 * @module
 */
import type { Color } from "./media.ts";

/** Returns the color of a screenshot at a place. */
export async function pixelOf(
  { screenshot, x, y }: { screenshot: string; x: number; y: number },
): Promise<Color> {
  const response = await fetch(`data:image/png;base64,${screenshot}`);
  return colorAt(await createImageBitmap(await response.blob()), x, y);
}

/** Returns the color of an image at a place. */
export function colorAt(
  image: HTMLImageElement | ImageBitmap,
  x: number,
  y: number,
): Color {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(image, 0, 0);
  const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
  return [red, green, blue];
}
