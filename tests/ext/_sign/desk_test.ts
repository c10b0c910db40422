import { assert, assertEquals, assertMatch } from "@std/assert";
import { ask, request, type Result } from "../sign_asking.ts";
import { scene } from "../sign_fixture.ts";
import {
  HOME,
  opening,
  PLAN,
  type Question,
  question,
} from "../sign_questions.ts";

const MIB = 2 ** 20;

Deno.test("SIGN-004 a batch is answered one by one, and says nothing of the others", async () => {
  const [own, other] = await ask([
    question(),
    question({ url: "http://s3.test/bucket/users/43/b.txt" }),
  ]);
  assert(own?.url?.includes("X-Amz-Signature"));
  assertEquals(other?.error?.code, "InvalidPath");
  assert(!other?.error?.message.includes("a.txt"));
});

Deno.test("SIGN-005 what is there and what is not are answered alike, and the service is not asked", async () => {
  const { sign, fake } = scene({ handler: { now: () => 0 } });
  fake.bucket.put("users/42/there", new Uint8Array(1), {});
  const shapes = [];
  for (const name of ["there", "gone!"]) {
    const url = `${HOME}/${encodeURIComponent(name).replace("!", "%21")}`;
    const response = await sign(request({
      v: 1,
      requests: ["GET", "HEAD", "DELETE"].map((method) =>
        question({ url, method })
      ),
    }));
    const { results } = await response.json();
    shapes.push(results.map((result: Result) => Object.keys(result)));
  }
  assertEquals(shapes[0], shapes[1]);
  assertEquals(fake.log, []);
});

Deno.test("SIGN-009 without a root nothing is signed, and all of the store has to be said", async () => {
  for (
    const root of [
      () => "users/../43",
      () => "/users/42",
      () => "users/42/",
      // deno-lint-ignore no-explicit-any -- what an application may return
      () => undefined as any,
      // deno-lint-ignore no-explicit-any -- the same
      () => null as any,
      () => Promise.reject(new Error("no session")),
    ]
  ) {
    const { sign } = scene({ handler: { root } });
    const response = await sign(request({ v: 1, requests: [question()] }));
    assertEquals(response.status, 403);
    assertEquals(
      (await response.json()).error.message,
      "Cannot sign: there is no root",
    );
  }
  const [all] = await ask(
    [question({ url: "http://s3.test/bucket/users/43/b.txt" })],
    { root: "" },
  );
  assert(all?.url !== undefined);
});

Deno.test("SIGN-011 a ticket admits the size that was allowed, each part of its own, and no more", async () => {
  const { sign } = scene();
  const send = async (asked: Question): Promise<Result> => {
    const response = await sign(request({ v: 1, requests: [asked] }));
    return (await response.json()).results[0];
  };
  const plan = { ...PLAN, size: 50 * MIB };
  const { ticket } = await send(opening({ plan }));
  const part = (number: number, size: number, more: Question = {}) =>
    send(question({
      method: "PUT",
      url: `${HOME}/big.bin?partNumber=${number}&uploadId=ABC`,
      size,
      ticket,
      ...more,
    }));
  for (let number = 1; number <= 6; number++) {
    assert((await part(number, 8 * MIB)).url, `${number}`);
  }
  assert((await part(7, 2 * MIB)).url);
  // 51 MiB: a longer last part, an eighth one, a longer one in the middle.
  for (
    const [number, size] of [
      [7, 3 * MIB],
      [8, 1 * MIB],
      [3, 9 * MIB],
      [7, 8 * MIB],
      [1, 1],
      [1, 0],
    ] as const
  ) {
    const { error } = await part(number, size);
    assertEquals(error?.code, "InvalidArgument", `${number} ${size}`);
  }
  const other = await part(1, 8 * MIB, {
    url: `${HOME}/other.bin?partNumber=1&uploadId=ABC`,
  });
  assertMatch(other.error?.message ?? "", /another file/);
  // Every bit, one at a time: a sample in the content, all of the seal.
  const text = ticket ?? "";
  const positions = Array.from({ length: text.length }, (_, at) => at)
    .filter((at) => at % 7 === 0 || at > text.length - 44);
  for (const at of positions) {
    for (const char of ["A", "B", "-"]) {
      if (text[at] === char) continue;
      const { error } = await part(1, 8 * MIB, {
        ticket: text.slice(0, at) + char + text.slice(at + 1),
      });
      assertMatch(error?.message ?? "", /the ticket is none/, `${at}`);
    }
  }
});

Deno.test("SIGN-011 a ticket is good for one root, one deployment and one time", async () => {
  let now = Date.now();
  let user = "users/42";
  let allowed = true;
  const asked: string[] = [];
  const { sign } = scene({
    handler: {
      now: () => now,
      root: () => user,
      authorize: ({ operation, path, size }) => {
        asked.push(`${operation} ${path} ${size}`);
        return allowed;
      },
    },
  });
  const send = async (question: Question, by = sign): Promise<Result> => {
    const response = await by(request({ v: 1, requests: [question] }));
    return (await response.json()).results[0];
  };
  const { ticket } = await send(opening());
  const part = question({
    method: "PUT",
    url: `${HOME}/big.bin?partNumber=1&uploadId=ABC`,
    size: 8 * MIB,
    ticket,
  });
  assert((await send(part)).url);
  assertEquals(asked.length, 1);
  const elsewhere = scene({
    handler: { ticketKey: "another deployment has another key" },
  });
  assertMatch(
    (await send(part, elsewhere.sign)).error?.message ?? "",
    /ticket/,
  );
  user = "users/43";
  assertEquals((await send(part)).error?.code, "InvalidPath");
  user = "users";
  assertMatch((await send(part)).error?.message ?? "", /another file/);
  user = "users/42";
  // Over: the rules are asked again, and the page gets another one.
  now += 3_600_000;
  const renewed = await send(part);
  assert(renewed.url && renewed.ticket && renewed.ticket !== ticket);
  assertEquals(asked.length, 2);
  allowed = false;
  assertEquals((await send(part)).error?.code, "PermissionDenied");
  assert((await send({ ...part, ticket: renewed.ticket })).url);
});
