// This module is browser compatible.
import type { CallOptions, StoreLike, WriteResult } from "../../mod.ts";
import type { StoreMethod } from "../_proxy/call.ts";
import type { EventMetadata, StoreOperation, StoreStart } from "./event.ts";
import { ObservedBlob, ObservedWriter, watchStream } from "./handles.ts";
import type { Reporter, Telling } from "./reporter.ts";
import { ObservedUpload } from "./upload.ts";

/** What is told of a method, and done with what it gives. */
export interface Handling<T> extends Telling<T> {
  /** Returns it, or a handle that reports what is done with it; `again` begins a further operation. */
  readonly watch?: (
    result: T,
    reporter: Reporter,
    start: StoreStart,
    again: (
      operation: StoreOperation,
      options?: CallOptions,
      more?: EventMetadata,
    ) => StoreStart,
  ) => T;
}

const written = {
  describe: (result: WriteResult) => ({ write_result: result }),
};

/** The methods whose results are more than reported. */
export const HANDLING: {
  readonly [M in StoreMethod]?: Handling<Awaited<ReturnType<StoreLike[M]>>>;
} = {
  read: {
    release: (stream, reason) => stream.cancel(reason),
    watch: watchStream,
  },
  open: {
    release: (file, reason) => file?.body?.cancel(reason),
    watch(file, reporter, start) {
      if (file === null || file.body === null) return file;
      const body = watchStream(file.body, reporter, start);
      return body === file.body ? file : { ...file, body };
    },
  },
  readBytes: { describe: ({ byteLength }) => ({ size: byteLength }) },
  openBlob: {
    watch: (blob, reporter, _, again) =>
      new ObservedBlob(blob, reporter, () => again("read_blob")),
  },
  write: written,
  writeText: written,
  writeAtomic: written,
  openAtomic: {
    release: (writer, reason) => writer.abort(reason),
    watch: (writer, reporter, _, again) =>
      new ObservedWriter(writer, reporter, again),
  },
  openUpload: {
    watch: (upload, reporter, _, again) =>
      new ObservedUpload(upload, reporter, again),
  },
  deleteMany: { describe: ({ size }) => ({ failed: size }) },
};
