import { ABORT_TESTS } from "./abort.ts";
import { ATOMIC_TESTS } from "./atomic.ts";
import { CAPABILITY_TESTS } from "./capabilities.ts";
import { CODED_TESTS } from "./coded.ts";
import { CONDITIONAL_TESTS } from "./conditional.ts";
import { TRANSFER_TESTS } from "./copy_move.ts";
import { CREATE_FOLDER_TESTS } from "./create_folder.ts";
import { DELETE_TESTS } from "./delete.ts";
import { FAILING_SOURCES } from "./failing_sources.ts";
import { FOREIGN_TESTS } from "./foreign.ts";
import { GLOB_TESTS } from "./glob.ts";
import { LIST_TESTS } from "./list.ts";
import { LIST_FROM_TESTS } from "./list_from.ts";
import { DELETING } from "./matrix_deleting.ts";
import { DEPTH } from "./matrix_depth.ts";
import { LISTING } from "./matrix_listing.ts";
import { PROBING } from "./matrix_probing.ts";
import { READING } from "./matrix_reading.ts";
import { TRANSFERS } from "./matrix_transfers.ts";
import { WRITING } from "./matrix_writing.ts";
import { METADATA_TESTS } from "./metadata.ts";
import { PATH_TESTS } from "./paths.ts";
import type { Group } from "./points.ts";
import { READ } from "./read.ts";
import { TRAITS } from "./traits.ts";
import { UPLOAD_TESTS } from "./uploads.ts";
import { VERSION_TESTS } from "./versions.ts";
import { WRITE_EFFECTS, WRITE_TESTS } from "./write.ts";

/** The contract: every test, in the order in which it is run. */
export const CONTRACT: readonly Group[] = [
  ...READING,
  ...PROBING,
  ...LISTING,
  ...DEPTH,
  ...WRITING,
  ...DELETING,
  ...TRANSFERS,
  ...READ,
  ...CODED_TESTS,
  ...WRITE_TESTS,
  ...WRITE_EFFECTS,
  ...FAILING_SOURCES,
  ...LIST_TESTS,
  ...LIST_FROM_TESTS,
  ...DELETE_TESTS,
  ...CREATE_FOLDER_TESTS,
  ...TRANSFER_TESTS,
  ...METADATA_TESTS,
  ...CONDITIONAL_TESTS,
  ...ATOMIC_TESTS,
  ...UPLOAD_TESTS,
  ...VERSION_TESTS,
  ...GLOB_TESTS,
  ...PATH_TESTS,
  ...FOREIGN_TESTS,
  ...ABORT_TESTS,
  ...CAPABILITY_TESTS,
  ...TRAITS,
];
