/**
 * Pure: steps of uploads that go beyond what was allowed, by class, with what each gets.
 *
 * @module
 */
import { formatParts } from "../../backends/s3/upload_calls.ts";
import { request } from "./sign_asking.ts";
import type { Scene } from "./sign_fixture.ts";
import { HOME, opening, PLAN, question } from "./sign_questions.ts";
import { bySession, send, sessionOf, type Visit } from "./sign_rows_visits.ts";

const MIB = 2 ** 20;

/** Opens an upload of 20 MiB in three parts, and returns questions of it. */
async function openedBy(
  sign: Scene["sign"],
  headers: Record<string, string> = {},
) {
  const answer = await send(sign, opening(), headers);
  const { results: [{ answer: { body }, ticket }] } = await answer.json();
  const id = encodeURIComponent(/<UploadId>(.*?)</.exec(body)?.[1] ?? "");
  const end = (number: number) => {
    const etag = '"a"';
    const parts = Array.from(
      { length: number },
      () => ({ etag, sha256: null }),
    );
    const xml = formatParts(parts);
    return question({
      method: "POST",
      url: `${HOME}/big.bin?uploadId=${id}`,
      headers: { "content-type": "application/xml" },
      body: btoa(xml),
      size: xml.length,
      plan: PLAN,
      ticket,
    });
  };
  return {
    end,
    part: (number: number, size: number) =>
      question({
        method: "PUT",
        url: `${HOME}/big.bin?partNumber=${number}&uploadId=${id}`,
        size,
        plan: PLAN,
        ticket,
      }),
  };
}

/** Classes 48 to 53, and what a session has to do with them. */
export const UPLOADS: readonly Visit[] = [
  ...([
    ["a part that is larger than planned", 1, 9 * MIB],
    ["a last part that is as long as the others", 3, 8 * MIB],
    ["a part behind the last one", 4, MIB],
  ] as const).map(([name, number, size]): Visit => ({
    kind: 48,
    name,
    async visit({ sign }) {
      const { part } = await openedBy(sign);
      return await send(sign, part(number, size));
    },
    status: 200,
    why: /another size than was allowed|no part of this number/,
  })),
  {
    kind: 49,
    name: "more parts than planned are completed",
    async visit({ sign }) {
      return await send(sign, (await openedBy(sign)).end(4));
    },
    status: 200,
    why: /another number of parts/,
  },
  {
    kind: 51,
    name: "a completion that may replace, where only creation was allowed",
    async visit({ sign }) {
      const plan = { ...PLAN, create: true };
      const answer = await send(sign, opening({ plan }));
      const { results: [{ ticket }] } = await answer.json();
      const { end } = await openedBy(sign);
      return await send(sign, { ...end(3), ticket });
    },
    status: 200,
    why: /the condition is another one/,
  },
  {
    kind: 53,
    name: "a completion after the leave was withdrawn",
    handler: {
      authorize: (() => {
        let asked = 0;
        return () => asked++ === 0;
      })(),
    },
    async visit({ sign }) {
      return await send(sign, (await openedBy(sign)).end(3));
    },
    status: 200,
    why: /Cannot write \\"big.bin\\": it is not allowed/,
  },
  {
    kind: 63,
    name: "the session is another's between an opening and a part",
    handler: { root: bySession },
    async visit({ sign }) {
      const { part } = await openedBy(sign, sessionOf("42"));
      return await send(sign, part(1, 8 * MIB), sessionOf("43"));
    },
    status: 200,
    why: /it names no file below the root/,
  },
  {
    kind: 63,
    name: "the session's root is wider between an opening and a part",
    handler: {
      root: (asked) =>
        asked.headers.get("x-admin") === null ? "users/42" : "users",
    },
    async visit({ sign }) {
      const { part } = await openedBy(sign);
      return await send(sign, part(1, 8 * MIB), { "x-admin": "1" });
    },
    status: 200,
    why: /the ticket is for another file/,
  },
  {
    kind: 63,
    name: "an errand is run by another session than it was made for",
    handler: { root: bySession, complete: "here" },
    async visit({ sign }) {
      const own = sessionOf("42");
      const { end } = await openedBy(sign, own);
      const answer = await send(sign, end(3), own);
      const { results: [{ here }] } = await answer.json();
      const body = atob(String(end(3)["body"]));
      return await sign(
        request(body, {
          ...sessionOf("43"),
          "content-type": "application/xml",
          "x-remote-store-run": here,
        }),
      );
    },
    status: 403,
    why: /it is another errand/,
  },
];
