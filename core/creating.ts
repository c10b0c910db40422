// This module is browser compatible.
import { beginFolder, cross } from "./boundary.ts";
import { CapabilityNotSupportedError } from "./errors.ts";
import { CALL } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { CallOptions } from "./options.ts";

/** Creates a folder, and those above it; one that is there stays as it is. */
export async function createFolder(
  mount: Mount,
  path: string,
  options: CallOptions,
): Promise<void> {
  const action = "create the folder";
  const call = beginFolder(mount, action, path, options, CALL);
  mount.require("create_folder", action, path);
  return await cross(call, async (signal) => {
    const { key } = call;
    const backend = mount.reach(signal);
    // The root is a folder by definition.
    if (key === mount.root) return;
    if (backend.createFolder === undefined) {
      throw new CapabilityNotSupportedError("the backend creates no folders", {
        capability: "create_folder",
      });
    }
    await backend.createFolder(key, { signal });
  });
}
