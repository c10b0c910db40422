import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { assert, assertEquals } from "@std/assert";
import { Store } from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
import { observe } from "../../ext/observe.ts";
import { otelHooks } from "../../ext/otel.ts";
import { optionsOf } from "../backends/s3/setup.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

/** Everything for a store over S3 whose spans, requests and metrics are kept in memory. */
function telemetry(pageSize = 1000) {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const tracers = new TracerProvider({ spanProcessors });
  const tracer = tracers.getTracer("files");
  const kept = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: kept,
    exportIntervalMillis: 2 ** 31 - 1,
  });
  const meters = new MeterProvider({ readers: [reader] });
  const fake = new FakeS3({ pageSize });
  // As the instrumentation of fetch does: a span below the one that is active.
  const fetch = (url: string, init?: RequestInit) =>
    tracer.startActiveSpan(
      `${init?.method}`,
      { kind: SpanKind.CLIENT },
      async (span) => {
        try {
          // Over a turn, as a network does.
          await new Promise((resolve) => setTimeout(resolve, 0));
          return await fake.fetch(url, init);
        } finally {
          span.end();
        }
      },
    );
  const inner = new Store({
    backend: new S3Backend(optionsOf(fake, { fetch })),
  });
  const meter = meters.getMeter("files");
  return {
    fake,
    inner,
    tracer,
    store: observe(inner, otelHooks({ tracer, meter })),
    spans: (): ReadableSpan[] => exporter.getFinishedSpans(),
    reset: () => exporter.reset(),
    async metrics() {
      await meters.forceFlush();
      const [last] = kept.getMetrics().slice(-1);
      return last?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
    },
    async [Symbol.asyncDispose]() {
      await meters.shutdown();
      await tracers.shutdown();
    },
  };
}

/** Spans follow what is awaited, as in an application. */
function inContext(): Disposable {
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  return {
    [Symbol.dispose]() {
      context.disable();
      manager.disable();
    },
  };
}

const nameOf = ({ name }: ReadableSpan) => name;

Deno.test("OBS-018 with OpenTelemetry's own SDK a span is named, of kind client, has its attributes, and is the parent of its requests", async () => {
  using _ = inContext();
  await using told = telemetry();
  const { store, spans, tracer } = told;
  await tracer.startActiveSpan("job", async (job) => {
    await store.write("a/b.txt", "B");
    await store.readText("a/b.txt");
    job.end();
  });
  const write = spans().find(({ name }) => name === "store.write");
  assertEquals(write?.kind, SpanKind.CLIENT);
  assertEquals(write?.attributes, {
    "remote_store.operation": "write",
    "remote_store.backend": "s3",
    "remote_store.path": "a/b.txt",
    "remote_store.status": "ok",
  });
  assertEquals(write?.status, { code: SpanStatusCode.UNSET });
  const job = spans().find(({ name }) => name === "job");
  assertEquals(
    write?.parentSpanContext?.spanId,
    job?.spanContext().spanId,
  );
  const requests = spans().filter(({ name }) => /^[A-Z]+$/.test(name));
  const parents = new Map(
    spans().map((span) => [span.spanContext().spanId, span.name]),
  );
  assertEquals(
    requests.map(({ name, parentSpanContext }) => [
      name,
      parents.get(parentSpanContext?.spanId ?? ""),
    ]),
    [["PUT", "store.write"], ["GET", "store.read_text"]],
  );
});

for (const how of ["to its end", "left early", "by two at once"] as const) {
  Deno.test(`OBS-018 the requests of a listing are inside of its span, ${how}`, async () => {
    using _ = inContext();
    await using told = telemetry(2);
    const { inner, store, spans, reset, tracer } = told;
    for (let i = 0; i < 7; i++) await inner.write(`f/${i}`, "");
    reset();
    const list = async () => {
      let count = 0;
      for await (const _ of store.listFiles("f")) {
        // What a caller asks for on the way is no part of the listing.
        if (count === 1) await inner.exists("f/1");
        if (++count === 4 && how === "left early") break;
      }
    };
    await tracer.startActiveSpan("job", async (job) => {
      await Promise.all(how === "by two at once" ? [list(), list()] : [list()]);
      job.end();
    });
    const listings = spans().filter(({ name }) => name === "store.list_files");
    const byParent = (parent: ReadableSpan | undefined) =>
      spans().filter(({ name, parentSpanContext }) =>
        !name.startsWith("store.") &&
        parentSpanContext?.spanId === parent?.spanContext().spanId
      ).map(nameOf);
    const lists = how === "by two at once" ? 2 : 1;
    assertEquals(listings.length, lists);
    for (const listing of listings) {
      const requests = byParent(listing);
      assert(requests.length >= (how === "left early" ? 2 : 4), `${requests}`);
      assertEquals(new Set(requests), new Set(["GET"]));
      assertEquals(listing.attributes["remote_store.status"], "ok");
    }
    // The look-ups in between are the caller's own.
    const job = spans().find(({ name }) => name === "job");
    assertEquals(byParent(job).filter((name) => name !== "GET").length, lists);
    assertEquals(byParent(undefined), ["job"]);
  });
}

/** Each outcome: what is done, and what spans and metrics say of it. */
const OUTCOMES: readonly (readonly [
  title: string,
  fail: (told: ReturnType<typeof telemetry>) => Promise<unknown>,
  expected: Readonly<Record<string, string>>,
])[] = [
  ["an absent file", ({ store }) => store.readText("absent"), {
    "remote_store.status": "error",
    "error.type": "NotFound",
  }],
  [
    "an abort",
    ({ store }) => store.readText("a", { signal: AbortSignal.abort() }),
    { "remote_store.status": "aborted" },
  ],
  [
    "an abort with a reason of the caller's own",
    ({ store }) => store.readText("a", { signal: AbortSignal.abort("enough") }),
    { "remote_store.status": "aborted" },
  ],
  [
    "a time that is over",
    async ({ store }) => {
      const signal = AbortSignal.timeout(1);
      while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return await store.readText("a", { signal });
    },
    { "remote_store.status": "error", "error.type": "TimeoutError" },
  ],
  [
    "an error that is none of this library's",
    ({ store, inner }) => {
      inner.readText = () =>
        Promise.reject(new DOMException("gone", "AbortError"));
      return store.readText("a");
    },
    { "remote_store.status": "error", "error.type": "AbortError" },
  ],
  [
    "a name that is a message",
    ({ store, inner }) => {
      const error = Object.assign(new Error(), { name: "file 17 is gone" });
      inner.readText = () => Promise.reject(error);
      return store.readText("a");
    },
    { "remote_store.status": "error", "error.type": "_OTHER" },
  ],
  [
    "a number",
    ({ store, inner }) => {
      inner.readText = () => Promise.reject(20);
      return store.readText("a");
    },
    { "remote_store.status": "error", "error.type": "_OTHER" },
  ],
];

for (const [title, fail, expected] of OUTCOMES) {
  Deno.test(`OBS-019 spans and metrics say the same of ${title}`, async () => {
    await using told = telemetry();
    await fail(told).catch(() => {});
    const [span] = told.spans().filter(({ name }) => name.startsWith("store."));
    const shared = {
      "remote_store.operation": "read_text",
      "remote_store.backend": "s3",
      ...expected,
    };
    const { "remote_store.path": path, ...attributes } = span?.attributes ?? {};
    assertEquals(attributes, shared);
    assert(path === "a" || path === "absent");
    const failed = "error.type" in expected;
    assertEquals(
      span?.status.code,
      failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET,
    );
    assertEquals(span?.events.length, failed ? 1 : 0);
    const metrics = await told.metrics();
    const points = new Map(
      metrics.map((
        { descriptor, dataPoints },
      ) => [descriptor.name, dataPoints]),
    );
    for (
      const name of [
        "remote_store.operations",
        "remote_store.operation.duration",
        ...(failed ? ["remote_store.errors"] : []),
      ]
    ) {
      assertEquals(points.get(name)?.map(({ attributes }) => attributes), [
        shared,
      ]);
    }
    assertEquals(points.has("remote_store.errors"), failed);
  });
}

Deno.test("OBS-020 durations fall into buckets of milliseconds and of minutes, units are UCUM's", async () => {
  await using told = telemetry();
  await told.store.exists("a");
  await told.store.readText("a").catch(() => {});
  const metrics = await told.metrics();
  assertEquals(
    Object.fromEntries(
      metrics.map(({ descriptor }) => [descriptor.name, descriptor.unit]),
    ),
    {
      "remote_store.operations": "{operation}",
      "remote_store.errors": "{error}",
      "remote_store.operation.duration": "s",
    },
  );
  const duration = metrics.find(({ descriptor }) => descriptor.unit === "s");
  const { buckets } = duration?.dataPoints[0]?.value as {
    buckets: { boundaries: number[]; counts: number[] };
  };
  const { boundaries, counts } = buckets;
  assert(boundaries.filter((bound) => bound < 5).length > 8, `${boundaries}`);
  assertEquals([boundaries[0], boundaries.at(-1)], [0.005, 300]);
  assertEquals(counts.reduce((sum, count) => sum + count), 1);
});

Deno.test("OBS-018 the tracer and the meter of @opentelemetry/api are taken as they are, also before there is an SDK", async () => {
  const inner = telemetry().inner;
  const { metrics } = await import("@opentelemetry/api");
  const tracer = trace.getTracer("files");
  const hooks = otelHooks({ tracer, meter: metrics.getMeter("files") });
  assertEquals(await observe(inner, hooks).exists("a"), false);
});
