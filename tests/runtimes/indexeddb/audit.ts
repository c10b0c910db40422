/**
 * What a database holds, record by record, beside what the store says of it.
 *
 * @module
 */

/** What an audit found. */
export interface Audit {
  /** Contents that no file has, and leases of uploads: leftovers. */
  readonly orphans: readonly string[];
  /** Files whose content is not all there, or counted wrongly. */
  readonly broken: readonly string[];
  /** How many records there are. */
  readonly records: number;
}

/** A file has all of them, a folder its key only. */
type Node = readonly [
  key: string,
  size: number,
  lastModified: number,
  contentId: string,
  chunkSize: number,
];

/** Reads all records and compares files with contents. */
export async function audit(databaseName: string): Promise<Audit> {
  const records = await readAll(databaseName);
  const files: Node[] = [];
  const rows = new Map<string, number>();
  const shares = new Map<string, number>();
  const orphans: string[] = [];
  for (const [[first, second], value] of records) {
    if (typeof first === "string") {
      if (second === undefined) {
        shares.set(first, value as number);
      } else rows.set(first, (rows.get(first) ?? 0) + 1);
    } else if (first === 0) orphans.push(`lease ${second}`);
    else if ((value as Node).length > 1) files.push(value as Node);
  }
  const users = new Map<string, number>();
  const broken: string[] = [];
  for (const [key, size, , id, chunkSize] of files) {
    users.set(id, (users.get(id) ?? 0) + 1);
    const wanted = Math.ceil(size / chunkSize);
    const found = rows.get(id) ?? 0;
    if (found !== wanted) broken.push(`${key}: ${found} of ${wanted} chunks`);
  }
  for (const [id, count] of users) {
    const counted = shares.get(id) ?? 1;
    if (counted !== count) broken.push(`${id}: ${count} files, not ${counted}`);
  }
  for (const id of new Set([...rows.keys(), ...shares.keys()])) {
    if (!users.has(id)) orphans.push(`content ${id}`);
  }
  return { orphans, broken, records: records.length };
}

type Key = readonly [string | number, (string | number)?];

function readAll(databaseName: string): Promise<[Key, unknown][]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const store = db.transaction("files").objectStore("files");
      const keys = store.getAllKeys();
      const values = store.getAll();
      store.transaction.oncomplete = () => {
        db.close();
        resolve(
          keys.result.map((
            key,
            i,
          ) => [key as unknown as Key, values.result[i]]),
        );
      };
    };
  });
}
