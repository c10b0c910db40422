/**
 * Traces and metrics of a store, for OpenTelemetry: hooks for `observe`, made of a tracer
 * and a meter of `@opentelemetry/api` that the application brings.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { observe } from "@remote-store/core/ext/observe";
 * import { otelHooks, type OtelMeter } from "@remote-store/core/ext/otel";
 * import { assertEquals } from "@std/assert";
 *
 * // metrics.getMeter("files") of @opentelemetry/api; here a stand-in:
 * const counted: unknown[] = [];
 * const meter: OtelMeter = {
 *   createCounter: (name) => ({ add: (value) => counted.push([name, value]) }),
 *   createHistogram: () => ({ record: () => {} }),
 * };
 * const store = observe(new Store({ backend: new MemoryBackend() }), otelHooks({ meter }));
 *
 * assertEquals(await store.exists("a.txt"), false);
 * assertEquals(counted, [["remote_store.operations", 1]]);
 * ```
 *
 * @module
 */
import { type KnownOptions, requireKnown } from "../mod.ts";
import type { StoreEvent, StoreStart } from "./_observe/event.ts";
import type { AroundHook, EventHook } from "./_observe/reporter.ts";

/** Attributes of spans and metrics. */
export type OtelAttributes = Record<string, string>;

/** What is used of a span of `@opentelemetry/api`. */
export interface OtelSpan {
  /** Adds an attribute. */
  setAttribute(key: string, value: string): unknown;
  /** Says how the operation ended. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Adds what was thrown. */
  recordException(exception: Error | string): unknown;
  /** Ends the span. */
  end(): void;
}

/** What is used of a tracer of `@opentelemetry/api`. */
export interface OtelTracer {
  /** Starts a span and runs `work` in it. */
  startActiveSpan<T>(
    name: string,
    options: { kind: number; attributes: OtelAttributes },
    work: (span: OtelSpan) => T,
  ): T;
}

/** What is used of a meter of `@opentelemetry/api`. */
export interface OtelMeter {
  /** Creates a counter. */
  createCounter(
    name: string,
    options: { unit: string; description: string },
  ): { add(value: number, attributes: OtelAttributes): void };
  /** Creates a histogram. */
  createHistogram(
    name: string,
    options: { unit: string; description: string },
  ): { record(value: number, attributes: OtelAttributes): void };
}

/** Options of {@linkcode otelHooks}. */
export interface OtelOptions {
  /** Makes the spans; without it there are none. */
  readonly tracer?: OtelTracer | undefined;
  /** Makes the metrics; without it there are none. */
  readonly meter?: OtelMeter | undefined;
}

/** Hooks to spread into the options of `observe`. */
export interface OtelHooks {
  /** Puts a span around each operation. */
  readonly around?: AroundHook;
  /** Counts each operation. */
  readonly onAny?: EventHook;
}

/** `SpanKind.CLIENT`. */
const CLIENT = 2;
/** `SpanStatusCode.ERROR`. */
const ERROR = 2;

/**
 * Returns the hooks. A span `store.read` has the operation, the backend and the path;
 * metrics have no path, because each path would be a series of its own:
 * `remote_store.operations`, `remote_store.errors`, and
 * `remote_store.operation.duration` in seconds.
 *
 * @example Both
 * ```ts
 * import { otelHooks } from "@remote-store/core/ext/otel";
 * import { assertEquals } from "@std/assert";
 *
 * // otelHooks({ tracer: trace.getTracer("files"), meter: metrics.getMeter("files") })
 * assertEquals(Object.keys(otelHooks()), []);
 * ```
 */
export function otelHooks(options: OtelOptions = {}): OtelHooks {
  requireKnown("observe", null, options, KNOWN);
  const { tracer, meter } = options;
  return {
    ...(tracer === undefined ? {} : { around: spans(tracer) }),
    ...(meter === undefined ? {} : { onAny: metrics(meter) }),
  };
}

const KNOWN: KnownOptions<OtelOptions> = {
  tracer: true,
  meter: true,
};

function spans(tracer: OtelTracer): AroundHook {
  return (start: StoreStart, next) => {
    const { operation, backend, path } = start;
    const attributes = {
      "remote_store.operation": operation,
      "remote_store.backend": backend,
      "remote_store.path": path,
    };
    return tracer.startActiveSpan(
      `store.${operation}`,
      { kind: CLIENT, attributes },
      async (span) => {
        try {
          await next();
        } catch (error) {
          const shown = error instanceof Error ? error : String(error);
          const message = error instanceof Error
            ? error.message
            : String(error);
          span.setStatus({ code: ERROR, message });
          span.recordException(shown);
          span.setAttribute("error.type", typeOf(error));
          throw error;
        } finally {
          span.end();
        }
      },
    );
  };
}

function metrics(meter: OtelMeter): EventHook {
  const operations = meter.createCounter("remote_store.operations", {
    unit: "1",
    description: "Operations of stores",
  });
  const errors = meter.createCounter("remote_store.errors", {
    unit: "1",
    description: "Operations of stores that failed",
  });
  const durations = meter.createHistogram("remote_store.operation.duration", {
    unit: "s",
    description: "How long operations of stores took",
  });
  return ({ operation, backend, status, error, duration }: StoreEvent) => {
    const of = { operation, backend };
    operations.add(1, { ...of, status });
    const attributes = status === "ok"
      ? of
      : { ...of, "error.type": typeOf(error) };
    if (status === "error") errors.add(1, attributes);
    durations.record(duration / 1000, attributes);
  };
}

function typeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
