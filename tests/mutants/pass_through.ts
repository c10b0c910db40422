import type {
  AtomicWriter,
  CallOptions,
  Capability,
  DeleteFolderOptions,
  DeleteManyOptions,
  DeleteOptions,
  FileInfo,
  FolderEntry,
  FolderInfo,
  FolderInfoOptions,
  HeadResult,
  ListFilesOptions,
  ListFoldersOptions,
  MultipartUpload,
  OpenAtomicOptions,
  OpenFile,
  OpenOptions,
  OpenUploadOptions,
  ReadOptions,
  ReadTextOptions,
  RemoteBlob,
  ResolvedPath,
  StoreLike,
  TransferOptions,
  WriteContent,
  WriteOptions,
  WriteResult,
} from "../../mod.ts";

/** A store that hands every call to another one: what proxies start from. */
export class PassThrough implements StoreLike {
  /** The store behind it. */
  readonly inner: StoreLike;

  constructor(inner: StoreLike) {
    this.inner = inner;
  }

  read(
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    return this.inner.read(path, options);
  }

  open(
    path: string,
    options?: OpenOptions & { readonly missingOk?: false },
  ): Promise<OpenFile>;
  open(path: string, options: OpenOptions): Promise<OpenFile | null>;
  open(path: string, options: OpenOptions = {}): Promise<OpenFile | null> {
    return this.inner.open(path, options);
  }

  readBytes(
    path: string,
    options?: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.inner.readBytes(path, options);
  }

  readText(path: string, options?: ReadTextOptions): Promise<string> {
    return this.inner.readText(path, options);
  }

  openBlob(path: string, options?: CallOptions): Promise<RemoteBlob> {
    return this.inner.openBlob(path, options);
  }

  write(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.inner.write(path, content, options);
  }

  writeText(
    path: string,
    text: string,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.inner.writeText(path, text, options);
  }

  writeAtomic(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.inner.writeAtomic(path, content, options);
  }

  openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload> {
    return this.inner.openUpload(path, options);
  }

  openAtomic(path: string, options?: OpenAtomicOptions): Promise<AtomicWriter> {
    return this.inner.openAtomic(path, options);
  }

  delete(path: string, options?: DeleteOptions): Promise<void> {
    return this.inner.delete(path, options);
  }

  deleteMany(
    paths: Iterable<string>,
    options?: DeleteManyOptions,
  ): Promise<ReadonlyMap<string, unknown>> {
    return this.inner.deleteMany(paths, options);
  }

  deleteFolder(path: string, options?: DeleteFolderOptions): Promise<void> {
    return this.inner.deleteFolder(path, options);
  }

  exists(path: string, options?: CallOptions): Promise<boolean> {
    return this.inner.exists(path, options);
  }

  isFile(path: string, options?: CallOptions): Promise<boolean> {
    return this.inner.isFile(path, options);
  }

  isFolder(path: string, options?: CallOptions): Promise<boolean> {
    return this.inner.isFolder(path, options);
  }

  listFiles(path: string, options?: ListFilesOptions): AsyncIterable<FileInfo> {
    return this.inner.listFiles(path, options);
  }

  listFolders(
    path: string,
    options?: ListFoldersOptions,
  ): AsyncIterable<FolderEntry> {
    return this.inner.listFolders(path, options);
  }

  iterChildren(
    path: string,
    options?: CallOptions,
  ): AsyncIterable<FileInfo | FolderEntry> {
    return this.inner.iterChildren(path, options);
  }

  glob(pattern: string, options?: CallOptions): AsyncIterable<FileInfo> {
    return this.inner.glob(pattern, options);
  }

  getFileInfo(path: string, options?: CallOptions): Promise<FileInfo> {
    return this.inner.getFileInfo(path, options);
  }

  getFolderInfo(
    path: string,
    options?: FolderInfoOptions,
  ): Promise<FolderInfo> {
    return this.inner.getFolderInfo(path, options);
  }

  head(path: string, options?: CallOptions): Promise<HeadResult> {
    return this.inner.head(path, options);
  }

  move(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.inner.move(source, target, options);
  }

  copy(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.inner.copy(source, target, options);
  }

  ping(options?: CallOptions): Promise<void> {
    return this.inner.ping(options);
  }

  supports(capability: Capability): boolean {
    return this.inner.supports(capability);
  }

  resolve(path: string): ResolvedPath {
    return this.inner.resolve(path);
  }

  nativePath(path: string): string {
    return this.inner.nativePath(path);
  }

  toKey(nativePath: string): string {
    return this.inner.toKey(nativePath);
  }

  unwrap<T>(type: abstract new (...args: never[]) => T): T {
    return this.inner.unwrap(type);
  }

  /** Returns a proxy over the child, so that a child is tested too. */
  child(path: string): StoreLike {
    return new PassThrough(this.inner.child(path));
  }

  equals(other: unknown): boolean {
    return this.inner.equals(
      other instanceof PassThrough ? other.inner : other,
    );
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
