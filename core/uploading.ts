// This module is browser compatible.
import { beginFile } from "./boundary.ts";
import { refuse } from "./errors.ts";
import { checkWrite, isCount } from "./gates.ts";
import { OPEN_UPLOAD } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { MultipartUpload } from "./multipart_upload.ts";
import { open } from "./open_upload.ts";
import type { OpenUploadOptions } from "./options.ts";

/** Opens an upload in parts, or goes on with one. */
export async function openUpload(
  mount: Mount,
  path: string,
  options: OpenUploadOptions,
): Promise<MultipartUpload> {
  const call = beginFile(mount, ACTION, path, options, OPEN_UPLOAD);
  const checked = checkWrite(mount, ACTION, path, options, "write");
  const { size, partSize = null, id = null } = options;
  if (!isCount(size)) refuse(ACTION, path, `size is ${String(size)}`);
  if (partSize !== null && !isCount(partSize)) {
    refuse(ACTION, path, `partSize is ${String(partSize)}`);
  }
  mount.require("resumable_upload", ACTION, path);
  if (id !== null) {
    if (typeof id !== "string" || id === "") refuse(ACTION, path, "id is none");
    if (partSize === null) {
      refuse(ACTION, path, "an upload goes on with the partSize that it got");
    }
  }
  return await open({ call, checked, size, partSize, id });
}

const ACTION = "upload";
