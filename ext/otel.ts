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
import { isRemoteStoreError, type KnownOptions, requireKnown } from "../mod.ts";
import type { StoreEvent, StoreStart } from "./_observe/event.ts";
import type { AroundHook, EventHook } from "./_observe/reporter.ts";

/** Attributes of spans and metrics. */
export type OtelAttributes = Record<string, string>;

/** What is used of a span of `@opentelemetry/api`. */
export interface OtelSpan {
  /** Adds attributes. */
  setAttributes(attributes: OtelAttributes): unknown;
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

/** What a metric is told of itself. */
export interface OtelMetricOptions {
  /** The unit, as UCUM writes it. */
  unit: string;
  /** What it counts or measures. */
  description: string;
  /** The bounds of a histogram's buckets. */
  advice?: { explicitBucketBoundaries: number[] };
}

/** What is used of a meter of `@opentelemetry/api`. */
export interface OtelMeter {
  /** Creates a counter. */
  createCounter(
    name: string,
    options: OtelMetricOptions,
  ): { add(value: number, attributes: OtelAttributes): void };
  /** Creates a histogram. */
  createHistogram(
    name: string,
    options: OtelMetricOptions,
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
 * Bounds in seconds, or all that takes less than five is one bucket: those that the
 * conventions have for HTTP requests, and longer ones for large files.
 */
const SECONDS = [
  ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75],
  ...[1, 2.5, 5, 7.5, 10, 30, 60, 120, 300],
];

/**
 * Returns the hooks. Spans and metrics have the same attributes:
 *
 * - `remote_store.operation`: `read_bytes`
 * - `remote_store.backend`: `s3`
 * - `remote_store.status`: `ok`, `error`, or `aborted` where the caller's own signal ended
 *   it; one of `AbortSignal.timeout()` is an error
 * - `error.type`, of errors only: the code of this library's errors (`NotFound`), the
 *   name of others (`TimeoutError`), else `_OTHER`
 *
 * A span `store.<operation>` has the path too, as `remote_store.path`. It is there while
 * the operation runs, so that the requests of the operation are inside of it: a
 * listing's from the first step of an iteration to its end. Its status is an error's only.
 * Metrics have no path, because each path would be a series of its own:
 * `remote_store.operations` and `remote_store.errors`, which count, and
 * `remote_store.operation.duration` in seconds, with buckets from 5 ms to 5 minutes.
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
  tracer: "object",
  meter: "object",
};

function spans(tracer: OtelTracer): AroundHook {
  return (start, next) => {
    const attributes = {
      ...aboutOf(start),
      "remote_store.path": start.path,
    };
    return tracer.startActiveSpan(
      `store.${start.operation}`,
      { kind: CLIENT, attributes },
      async (span) => {
        try {
          await next();
          span.setAttributes(endOf(null, false));
        } catch (error) {
          const { signal } = start;
          const aborted = signal?.aborted === true && error === signal.reason;
          const end = endOf({ error }, aborted);
          span.setAttributes(end);
          if ("error.type" in end) {
            const shown = error instanceof Error ? error : String(error);
            const message = error instanceof Error ? error.message : `${shown}`;
            span.setStatus({ code: ERROR, message });
            span.recordException(shown);
          }
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
    unit: "{operation}",
    description: "Operations of stores",
  });
  const errors = meter.createCounter("remote_store.errors", {
    unit: "{error}",
    description: "Operations of stores that failed",
  });
  const durations = meter.createHistogram("remote_store.operation.duration", {
    unit: "s",
    description: "How long operations of stores took",
    advice: { explicitBucketBoundaries: SECONDS },
  });
  return (event) => {
    const { status, error, aborted, duration } = event;
    const attributes = {
      ...aboutOf(event),
      ...endOf(status === "error" ? { error } : null, aborted),
    };
    operations.add(1, attributes);
    if ("error.type" in attributes) errors.add(1, attributes);
    durations.record(duration / 1000, attributes);
  };
}

function aboutOf(
  { operation, backend }: StoreStart | StoreEvent,
): OtelAttributes {
  return {
    "remote_store.operation": operation,
    "remote_store.backend": backend,
  };
}

function endOf(
  failure: { readonly error: unknown } | null,
  aborted: boolean,
): OtelAttributes {
  if (failure === null) return { "remote_store.status": "ok" };
  const type = typeOf(failure.error);
  // Whoever sets a time wants to know of what exceeds it.
  return aborted && type !== "TimeoutError"
    ? { "remote_store.status": "aborted" }
    : { "remote_store.status": "error", "error.type": type };
}

// Few values, as a metric needs them: never a message or a number.
function typeOf(error: unknown): string {
  if (isRemoteStoreError(error)) {
    return error.code === "RemoteStoreError" ? "_OTHER" : error.code;
  }
  const { name } = Object(error) as { readonly name?: unknown };
  return typeof name === "string" && /^[A-Z]\w{0,60}$/.test(name)
    ? name
    : "_OTHER";
}
