import { MemoryBackend } from "../../backends/memory.ts";
import type {
  CallOptions,
  StoreLike,
  WriteContent,
  WriteOptions,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { brokenStore, type Mutant } from "./mutant.ts";
import { PassThrough } from "./pass_through.ts";

/** Proxies that are wrong about children, capabilities, and their end. */
export const PROXY_CHILD_MUTANTS: readonly Mutant[] = [
  brokenStore(
    "CHILD-006",
    "closes the parent with its child",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          const parent = this.inner;
          return new class extends PassThrough {
            override close() {
              return parent.close();
            }
          }(super.child(path));
        }
      }(store),
    () => new FlatBackend(),
  ),
  brokenStore(
    "CHILD-001",
    "takes all children for equal",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          return new class extends PassThrough {
            override equals() {
              return true;
            }
          }(super.child(path));
        }
      }(store),
  ),
  brokenStore(
    "CAP-001",
    "can do what nobody knows",
    (store) =>
      new class extends PassThrough {
        override supports(capability: Parameters<StoreLike["supports"]>[0]) {
          return super.supports(capability) || `${capability}` === "flight";
        }
      }(store),
  ),
  brokenStore(
    "NPR-013",
    "takes database/x to be below data",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          const parent = this.inner;
          return new class extends PassThrough {
            override toKey(nativePath: string) {
              const root = parent.nativePath(path);
              return nativePath.startsWith(root)
                ? nativePath.slice(root.length).replace(/^\//, "")
                : super.toKey(nativePath);
            }
          }(super.child(path));
        }
      }(store),
  ),
  brokenStore(
    "STORE-012",
    "gives a child the parent's paths",
    (store) =>
      new class WithPrefix extends PassThrough {
        readonly prefix: string = "";

        override child(path: string): StoreLike {
          const prefix = `${path}/`;
          return new class extends WithPrefix {
            override readonly prefix = prefix;
          }(super.child(path));
        }

        override async write(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          const result = await super.write(path, content, options);
          return Object.freeze({ ...result, path: this.prefix + result.path });
        }
      }(store),
  ),
  brokenStore(
    "BE-020",
    "answers for the root after a terminal close",
    (store) =>
      new class extends PassThrough {
        override exists(path: string, options?: CallOptions) {
          return path === ""
            ? Promise.resolve(true)
            : super.exists(path, options);
        }
      }(store),
    () => new FlatBackend(),
  ),
  brokenStore(
    "STORE-013",
    "unwraps whatever it is asked for",
    (store) =>
      new class extends PassThrough {
        override unwrap<T>(_type: abstract new (...args: never[]) => T): T {
          return this.inner as T;
        }
      }(store),
    () => new MemoryBackend(),
  ),
];
