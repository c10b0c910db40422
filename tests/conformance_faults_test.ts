import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  azureFaults,
  between,
  cutAnswer,
  cutRequest,
  delayed,
  dropped,
  type Fault,
  FaultyFetch,
  type FaultyFetchOptions,
  lost,
  networkFaults,
  s3Faults,
} from "./conformance/faults.ts";

const URL_OF = "https://service.example/bucket/key";

/** A service that writes down what it gets, behind the given faults for its first requests. */
function behind(
  faults: readonly (Fault | null)[],
  options: Partial<FaultyFetchOptions> = {},
) {
  const got: string[] = [];
  const faulty = new FaultyFetch({
    fetch: async (url, init) => {
      await Promise.resolve();
      got.push(`${init.method ?? "GET"} ${new URL(url).search}`);
      return new Response("0123456789");
    },
    faults: [],
    seed: 1,
    choose: ({ number }) => faults[number] ?? null,
    ...options,
  });
  return { faulty, got };
}

const put = (search = ""): [string, RequestInit] => [
  URL_OF + search,
  { method: "PUT", body: new Uint8Array([1]) },
];

Deno.test("FAULT-001: a request without a fault passes as it is, and its line says so", async () => {
  const { faulty, got } = behind([]);
  const response = await faulty.fetch(...put("?a=1"));
  assertEquals(await response.text(), "0123456789");
  assertEquals(got, ["PUT ?a=1"]);
  assertEquals(`${faulty}`, "#0 PUT /bucket/key?a=1 served 200, told 200");
});

Deno.test("FAULT-001: a dropped request never arrives, a lost one is done", async () => {
  const { faulty, got } = behind([dropped, lost]);
  await assertRejects(() => faulty.fetch(...put()), TypeError);
  assertEquals(got, []);
  await assertRejects(() => faulty.fetch(...put()), TypeError);
  assertEquals(got.length, 1);
  assertEquals(
    faulty.log.map(({ reach, served, told }) => [reach, served, told]),
    [["never", null, "nothing"], ["arrived", 200, "nothing"]],
  );
  assertEquals(faulty.openBodies, 0);
});

Deno.test("FAULT-002: a delayed request arrives once, behind later ones or at the end", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { faulty, got } = behind([delayed], { seed });
    await assertRejects(() => faulty.fetch(...put("?late")), TypeError);
    assertEquals([faulty.log[0]?.reach, faulty.pending], ["later", 1]);
    for (let i = 0; i < seed % 3; i++) {
      await (await faulty.fetch(...put(`?${i}`))).body?.cancel();
    }
    await faulty.settle();
    assertEquals(faulty.pending, 0);
    assertEquals(got.filter((line) => line === "PUT ?late").length, 1);
    if (seed % 3 > 0) assertEquals(got[0], "PUT ?0");
    assertEquals([faulty.log[0]?.reach, faulty.openBodies], ["arrived", 0]);
  }
});

Deno.test("FAULT-002: a delayed request has the bytes that it was made with", async () => {
  const bodies: unknown[] = [];
  const { faulty } = behind([delayed], {
    fetch: (_, { body }) => {
      bodies.push(body);
      return Promise.resolve(new Response());
    },
  });
  const body = new Uint8Array([1, 2, 3]);
  await assertRejects(() => faulty.fetch(URL_OF, { method: "PUT", body }));
  body.fill(0);
  await faulty.settle();
  assertEquals(bodies, [new Uint8Array([1, 2, 3])]);
});

Deno.test("FAULT-003: a body is cut with an error, or silently where no length was told", async () => {
  let silent = 0;
  for (let seed = 0; seed < 40; seed++) {
    const { faulty } = behind([cutAnswer], {
      seed,
      fetch: () => Promise.resolve(new Response("x".repeat(1000))),
    });
    const response = await faulty.fetch(URL_OF);
    const text = await response.text().catch((error) => error);
    if (typeof text === "string") silent++;
    if (typeof text === "string") assert(text.length < 1000);
    else assert(text instanceof TypeError);
    assertEquals(faulty.openBodies, 0);
  }
  assert(silent > 5 && silent < 35, `${silent} silently`);
});

Deno.test("FAULT-003: a request whose body breaks off does nothing", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const { faulty, got } = behind([cutRequest], { seed });
    const answer = await faulty.fetch(...put()).catch(() => null);
    await answer?.body?.cancel();
    assertEquals(answer?.status ?? 408, 408);
    assertEquals(got, []);
  }
});

Deno.test("FAULT-004: bodies that are held are counted, until they are read or canceled", async () => {
  const { faulty } = behind([]);
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map(() => faulty.fetch(URL_OF)),
  );
  assertEquals(faulty.openBodies, 3);
  await one?.text();
  await two?.body?.cancel();
  assertEquals(faulty.holding().map(({ number }) => number), [2]);
  for await (const _ of three?.body ?? []);
  assertEquals(faulty.openBodies, 0);
});

Deno.test("FAULT-005: an abort ends the wait at once, and the answer is let go of", async () => {
  const { faulty, got } = behind([], { latency: 20 });
  const stop = new AbortController();
  const call = faulty.fetch(URL_OF, { signal: stop.signal });
  stop.abort("enough");
  assertEquals(await call.catch((reason) => reason), "enough");
  await faulty.settle();
  assertEquals([got.length, faulty.openBodies, faulty.pending], [0, 0, 0]);
  assertEquals(faulty.log[0]?.reach, "never");
  await assertRejects(async () => {
    await faulty.fetch(URL_OF, { signal: AbortSignal.abort(new Error("no")) });
  });
  assertEquals(faulty.log.length, 1);
});

Deno.test("FAULT-006: a seed gives the same faults to the same requests", async () => {
  const run = async (seed: number) => {
    const { faulty } = behind([], {
      seed,
      faults: networkFaults,
      rate: 0.5,
      choose: undefined,
    });
    for (let i = 0; i < 60; i++) {
      const response = await faulty.fetch(...put()).catch(() => null);
      await response?.body?.cancel();
    }
    await faulty.settle();
    return `${faulty}`;
  };
  assertEquals(await run(7), await run(7));
  assert(await run(7) !== await run(8));
  const met = (await run(9)).split("\n").filter((line) => line.includes("["));
  assert(met.length > 15 && met.length < 45, `${met.length} of 60`);
});

Deno.test("FAULT-006: between() lets somebody act before the request arrives", async () => {
  const order: string[] = [];
  const { faulty } = behind([between("rival", () => order.push("rival"))], {
    fetch: () => Promise.resolve(new Response(void order.push("request"))),
  });
  await (await faulty.fetch(URL_OF)).body?.cancel();
  assertEquals(order, ["rival", "request"]);
});

Deno.test("FAULT-007: the log shows no signature", async () => {
  const { faulty } = behind([]);
  const url = `${URL_OF}?sv=1&sig=SECRET&X-Amz-Signature=SECRET`;
  await (await faulty.fetch(url)).body?.cancel();
  assertEquals(
    `${faulty}`,
    "#0 GET /bucket/key?sv=1&sig=…&X-Amz-Signature=… served 200, told 200",
  );
});

/** Requests of each kind that a fault of a service waits for. */
const REQUESTS: readonly [string, RequestInit][] = [
  [URL_OF, { method: "PUT", headers: { "if-none-match": "*" } }],
  [`${URL_OF}?uploadId=1`, { method: "POST", body: new Uint8Array(1) }],
  [`${URL_OF}?continuation-token=a%26b`, {}],
  [`${URL_OF}?comp=list&marker=a%26b`, {}],
  ["https://service.example/bucket/?list-type=2", {}],
  [`${URL_OF}?comp=batch`, { method: "POST" }],
  [URL_OF, { method: "HEAD" }],
];

Deno.test("FAULT-008: every fault happens to some request, and sends it once at most", async () => {
  for (const fault of new Set([...s3Faults, ...azureFaults])) {
    let hits = 0;
    for (const [url, init] of REQUESTS) {
      for (let seed = 0; seed < 6; seed++) {
        const { faulty, got } = behind([], {
          seed,
          choose: undefined,
          rate: 1,
          faults: [fault],
        });
        const response = await faulty.fetch(url, init).catch(() => null);
        await response?.text().catch(() => {});
        await faulty.settle();
        assert(got.length <= 1, `${fault.name} sends twice`);
        if (faulty.log[0]?.fault === fault) hits++;
        assertEquals(faulty.openBodies, 0, fault.name);
      }
    }
    assert(hits > 0, `${fault.name} never happens`);
  }
});

Deno.test("FAULT-008: a repeated cursor is the one that was asked for", async () => {
  const pages: readonly [readonly Fault[], string, string][] = [
    [
      s3Faults,
      "?continuation-token=a%26b",
      "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
    ],
    [
      s3Faults,
      "?continuation-token=a%26b",
      "<ListBucketResult><NextContinuationToken>c</NextContinuationToken></ListBucketResult>",
    ],
    [azureFaults, "?marker=a%26b", "<E><NextMarker /></E>"],
    [azureFaults, "?marker=a%26b", "<E><NextMarker>c</NextMarker></E>"],
  ];
  for (const [faults, search, text] of pages) {
    const repeated = faults.find(({ name }) => name === "repeated cursor");
    const { faulty } = behind([repeated ?? null], {
      fetch: () => Promise.resolve(new Response(text)),
    });
    const told = await (await faulty.fetch(URL_OF + search)).text();
    assert(/<Next(?:ContinuationToken|Marker)>a&amp;b</.test(told), told);
    assert(!told.includes("<IsTruncated>false"), told);
  }
});
