import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { observe } from "../../ext/observe.ts";

const ignore = () => {};

await testBackend("observe(memory)", {
  test: Deno.test,
  create: () =>
    observe(new Store({ backend: new MemoryBackend({ versions: true }) }), {
      onStart: ignore,
      onAny: ignore,
      onError: ignore,
      onStreamEnd: ignore,
      around: (_, next) => next(),
    }),
  namespace: "hierarchical",
});

await testBackend("observe(memory) whose hooks all throw", {
  test: Deno.test,
  create: () => {
    const fail = () => {
      throw new Error("a hook");
    };
    return observe(new Store({ backend: new MemoryBackend() }), {
      onStart: fail,
      onRead: () => Promise.reject(new Error("a hook")),
      onStreamEnd: fail,
      onWrite: fail,
      onDelete: fail,
      onCopy: fail,
      onMove: fail,
      onList: fail,
      onPing: fail,
      onAny: fail,
      onError: fail,
      onHookError: fail,
      correlationId: fail,
    });
  },
  namespace: "hierarchical",
});
