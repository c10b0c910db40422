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

/**
 * A file has all of them, a folder its key only. Where a file is packed, the last one
 * is no size, but its offset in the pack, negated.
 */
type Node = readonly [
  key: string,
  size: number,
  lastModified: number,
  contentId: string,
  chunk: number,
];

/** What is known of a pack, and one that was compacted. */
interface Pack {
  readonly files: number;
  readonly size: number;
  readonly gone?: readonly number[];
}
interface Compacted {
  readonly bytes: Uint8Array;
  readonly places: readonly number[];
}

/** Reads all records and compares files with contents. */
export async function audit(databaseName: string): Promise<Audit> {
  return auditRecords(await readAll(databaseName));
}

/** Compares files with contents. */
export function auditRecords(
  records: readonly (readonly [Key, unknown])[],
): Audit {
  const files: Node[] = [];
  const rows = new Map<string, unknown[]>();
  const shares = new Map<string, number | Pack>();
  const orphans: string[] = [];
  for (const [[first, second], value] of records) {
    if (typeof first === "string") {
      if (second === undefined) {
        shares.set(first, value as number | Pack);
      } else rows.set(first, [...rows.get(first) ?? [], value]);
    } else if (first === 0) orphans.push(`lease ${second}`);
    else if ((value as Node).length > 1) files.push(value as Node);
  }
  const users = new Map<string, number>();
  const packs = new Set<string>();
  const broken: string[] = [];
  for (const [key, size, , id, chunk] of files) {
    users.set(id, (users.get(id) ?? 0) + 1);
    const found = rows.get(id) ?? [];
    if (chunk <= 0) packs.add(id);
    const wanted = chunk > 0 ? Math.ceil(size / chunk) : 1;
    if (found.length !== wanted) {
      broken.push(`${key}: ${found.length} of ${wanted} chunks`);
    } else if (chunk <= 0) {
      const why = outOfPack(0 - chunk, size, found[0], shares.get(id));
      if (why !== null) broken.push(`${key}: ${why}`);
    }
  }
  for (const [id, count] of users) {
    // The files of a pack are always counted.
    const share = shares.get(id) ?? (packs.has(id) ? 0 : 1);
    const counted = typeof share === "number" ? share : share.files;
    if (counted !== count) broken.push(`${id}: ${count} files, not ${counted}`);
  }
  for (const id of new Set([...rows.keys(), ...shares.keys()])) {
    if (!users.has(id)) orphans.push(`content ${id}`);
  }
  return { orphans, broken, records: records.length };
}

/** Returns why a file's place is not in a pack; `null` where it is. */
function outOfPack(
  offset: number,
  size: number,
  row: unknown,
  record: number | Pack | undefined,
): string | null {
  if (typeof record !== "object") return `its pack is counted as ${record}`;
  const { size: bytes, gone = [] } = record;
  const { byteLength } = row instanceof Uint8Array
    ? row
    : (row as Compacted).bytes;
  if (byteLength !== bytes) {
    return `its pack has ${byteLength} bytes of ${bytes}`;
  }
  const end = offset + size;
  for (let i = 0; i < gone.length; i += 2) {
    const [from = 0, length = 0] = gone.slice(i, i + 2);
    if (from < end && offset < from + length) return "its place is given up";
  }
  const places = row instanceof Uint8Array
    ? [0, byteLength]
    : (row as Compacted).places;
  for (let i = 0; i < places.length; i += 2) {
    const [from = 0, length = 0] = places.slice(i, i + 2);
    if (from <= offset && end <= from + length) return null;
  }
  return `${offset} to ${end} is in none of ${places}`;
}

/** Returns whether the first content of a database is in Blobs. */
export async function isInBlobs(databaseName: string): Promise<boolean> {
  const first = await inStore<unknown>(
    databaseName,
    (store) => store.get(contents()),
  );
  return first instanceof Blob;
}

/** Takes a record away from the first content of a database. */
export async function loseChunk(
  databaseName: string,
  index: number,
): Promise<void> {
  const [id] = await inStore<Key>(
    databaseName,
    (store) => store.getKey(contents()),
  );
  await inStore(databaseName, (store) => store.delete([id, index]));
}

// Ids of contents are texts, which come after the numbers of nodes.
function contents(): IDBKeyRange {
  return IDBKeyRange.lowerBound([""]);
}

/** The key of a record. */
export type Key = readonly [string | number, (string | number)?];

async function readAll(databaseName: string): Promise<[Key, unknown][]> {
  const keys = await inStore<Key[]>(
    databaseName,
    (store) => store.getAllKeys(),
  );
  const values = await inStore<unknown[]>(
    databaseName,
    (store) => store.getAll(),
  );
  return keys.map((key, i) => [key, values[i]]);
}

function inStore<T>(
  databaseName: string,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const transaction = db.transaction("files", "readwrite");
      const request = ask(transaction.objectStore("files"));
      request.onerror = () => reject(request.error);
      transaction.oncomplete = () => {
        db.close();
        resolve(request.result);
      };
    };
  });
}
