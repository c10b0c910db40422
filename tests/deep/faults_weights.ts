/**
 * Pure: how often schedules draw each kind of call.
 *
 * @module
 */

/** What every kind of call weighs, where a service gives no reason for other weights. */
export const WEIGHTS = {
  write: 24,
  burst: 2,
  copy: 8,
  move: 12,
  delete: 8,
  deleteMany: 5,
  deleteFolder: 6,
  list: 10,
  read: 8,
  info: 3,
  exists: 2,
  isFolder: 2,
  sum: 3,
} as const;
