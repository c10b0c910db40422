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
        setAttributes: (attributes) => log.push(["attributes", attributes]),
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
    ["attributes", { "remote_store.status": "ok" }],
    ["end"],
  ]);
});

Deno.test("OBS-012 the span of a failure has its status, its exception and its type", async () => {
  const { tracer, log } = tracing();
  const store = observe(memory(), otelHooks({ tracer }));
  const error = await store.readText("a").catch((error) => error);
  assertEquals(log.slice(1), [
    ["attributes", {
      "remote_store.status": "error",
      "error.type": "NotFound",
    }],
    ["status", { code: 2, message: error.message }],
    ["exception", error],
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
    "remote_store.operations": "{operation}",
    "remote_store.errors": "{error}",
    "remote_store.operation.duration": "s",
  });
  const of = (operation: string, status: string) => ({
    "remote_store.operation": operation,
    "remote_store.backend": "memory",
    "remote_store.status": status,
  });
  const ok = of("exists", "ok");
  const bad = { ...of("read_text", "error"), "error.type": "NotFound" };
  assertEquals(log.map(([name, _, attributes]) => [name, attributes]), [
    ["remote_store.operations", ok],
    ["remote_store.operation.duration", ok],
    ["remote_store.operations", bad],
    ["remote_store.errors", bad],
    ["remote_store.operation.duration", bad],
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
