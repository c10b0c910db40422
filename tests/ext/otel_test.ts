import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { observe } from "../../ext/observe.ts";
import { otelHooks, type OtelMeter, type OtelTracer } from "../../ext/otel.ts";

/** A tracer that writes down. */
function tracing() {
  const log: unknown[] = [];
  const tracer: OtelTracer = {
    startActiveSpan(name, options, work) {
      log.push(["start", name, options]);
      return work({
        setAttribute: (key, value) => log.push(["attribute", key, value]),
        setStatus: (status) => log.push(["status", status]),
        recordException: (error) => log.push(["exception", error]),
        end: () => log.push(["end"]),
      });
    },
  };
  return { tracer, log };
}

/** A meter that writes down. */
function metering() {
  const log: [string, number, Record<string, string>][] = [];
  const units: Record<string, string> = {};
  const meter: OtelMeter = {
    createCounter(name, { unit }) {
      units[name] = unit;
      return {
        add: (value, attributes) => log.push([name, value, attributes]),
      };
    },
    createHistogram(name, { unit }) {
      units[name] = unit;
      return {
        record: (value, attributes) => log.push([name, value, attributes]),
      };
    },
  };
  return { meter, log, units };
}

const memory = () => new Store({ backend: new MemoryBackend() });

Deno.test("OBS-011 the hooks are for observe, and those of what is given", async () => {
  assertEquals(Object.keys(otelHooks({})), []);
  const { tracer } = tracing();
  const { meter } = metering();
  assertEquals(Object.keys(otelHooks({ tracer, meter })), ["around", "onAny"]);
  const store = observe(memory(), { ...otelHooks({ tracer, meter }) });
  assertEquals((await store.write("a", "A")).size, 1);
});

Deno.test("OBS-012 a span is of kind client, says operation, backend and path, and ends", async () => {
  const { tracer, log } = tracing();
  await observe(memory(), otelHooks({ tracer })).exists("a/b");
  assertEquals(log, [
    ["start", "store.exists", {
      kind: 2,
      attributes: {
        "remote_store.operation": "exists",
        "remote_store.backend": "memory",
        "remote_store.path": "a/b",
      },
    }],
    ["end"],
  ]);
});

Deno.test("OBS-012 the span of a failure has its status, its exception and its type", async () => {
  const { tracer, log } = tracing();
  const store = observe(memory(), otelHooks({ tracer }));
  const error = await store.readText("a").catch((error) => error);
  assertEquals(log.slice(1), [
    ["status", { code: 2, message: error.message }],
    ["exception", error],
    ["attribute", "error.type", "NotFoundError"],
    ["end"],
  ]);
  assert(error instanceof NotFoundError);
});

Deno.test("OBS-013 three metrics, in their units, and no path in any", async () => {
  const { meter, log, units } = metering();
  const store = observe(memory(), otelHooks({ meter }));
  await store.exists("secret/path");
  await assertRejects(() => store.readText("secret/path"), NotFoundError);
  assertEquals(units, {
    "remote_store.operations": "1",
    "remote_store.errors": "1",
    "remote_store.operation.duration": "s",
  });
  const ok = { operation: "exists", backend: "memory" };
  const bad = { operation: "read_text", backend: "memory" };
  const type = { "error.type": "NotFoundError" };
  assertEquals(log.map(([name, _, attributes]) => [name, attributes]), [
    ["remote_store.operations", { ...ok, status: "ok" }],
    ["remote_store.operation.duration", ok],
    ["remote_store.operations", { ...bad, status: "error" }],
    ["remote_store.errors", { ...bad, ...type }],
    ["remote_store.operation.duration", { ...bad, ...type }],
  ]);
  assert(!JSON.stringify(log).includes("secret"));
});

Deno.test("OBS-013 a duration is that of the event, in seconds", async () => {
  const { meter, log } = metering();
  const { onAny } = otelHooks({ meter });
  let milliseconds = 0;
  const store = observe(memory(), {
    onAny: (event) => {
      milliseconds = event.duration;
      onAny?.(event);
    },
  });
  await store.exists("a");
  const [, seconds] = log.at(-1) ?? [];
  assert(milliseconds > 0);
  assertEquals(seconds, milliseconds / 1000);
});

Deno.test("OBS-014 the package depends on no OpenTelemetry: what is used is described", async () => {
  const source = await Deno.readTextFile(
    new URL("../../ext/otel.ts", import.meta.url),
  );
  assert(!/from "[^.]/.test(source.replaceAll(/^ \*.*$/gm, "")));
});
