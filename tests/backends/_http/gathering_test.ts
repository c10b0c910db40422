import { assertEquals, assertRejects } from "@std/assert";
import { Gathering } from "../../../backends/_http/gathering.ts";

function gathered(most = 3) {
  const sent: string[][] = [];
  const signals: AbortSignal[] = [];
  let answer = (asks: readonly string[]): Promise<readonly string[]> =>
    Promise.resolve(asks.map((ask) => ask.toUpperCase()));
  const gathering = new Gathering<string, string>(most, (asks, signal) => {
    sent.push([...asks]);
    signals.push(signal);
    return answer(asks);
  });
  const ask = (name: string, signal?: AbortSignal) =>
    gathering.ask(name, name, signal);
  return {
    sent,
    signals,
    gathering,
    ask,
    answerBy: (other: typeof answer) => answer = other,
  };
}

Deno.test("PAGE-001 what is asked in one task goes in few questions, the same only once", async () => {
  const { ask, sent, gathering } = gathered();
  const along = gathering.along("z", "z");
  const answers = await Promise.all(
    ["a", "b", "a", "c", "d"].map((x) => ask(x)),
  );
  assertEquals(answers, ["A", "B", "A", "C", "D"]);
  assertEquals(await along, "Z");
  // What is waited for comes first.
  assertEquals(sent, [["a", "b", "c"], ["d", "z"]]);
  await ask("a");
  assertEquals(sent.length, 3);
});

Deno.test("PAGE-001 who comes while it is asked waits for the same answer", async () => {
  const { ask, sent, answerBy, gathering } = gathered();
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  answerBy(() => promise);
  const first = ask("a");
  await new Promise((done) => setTimeout(done, 2));
  assertEquals(gathering.isOpen("a"), true);
  const second = ask("a");
  resolve(["A"]);
  assertEquals(await Promise.all([first, second]), ["A", "A"]);
  assertEquals(sent, [["a"]]);
  assertEquals(gathering.isOpen("a"), false);
});

Deno.test("PAGE-002 what nobody waits for is not asked, and not waited for", async () => {
  const { ask, sent, signals, answerBy } = gathered();
  const early = new AbortController();
  const gone = ask("a", early.signal);
  early.abort("enough");
  assertEquals(await gone.catch((reason) => reason), "enough");
  await new Promise((done) => setTimeout(done, 2));
  assertEquals(sent, []);
  answerBy(() => new Promise(() => {}));
  const [one, two] = [new AbortController(), new AbortController()];
  const both = [ask("a", one.signal), ask("b", two.signal)];
  await new Promise((done) => setTimeout(done, 2));
  one.abort("one");
  await assertRejects(() => both[0]!).catch(() => {});
  assertEquals(signals[0]?.aborted, false);
  two.abort("two");
  assertEquals(await both[1]?.catch((reason) => reason), "two");
  assertEquals(signals[0]?.aborted, true);
});

Deno.test("PAGE-002 a question that fails fails for all, and is asked again by the next", async () => {
  const { ask, sent, answerBy } = gathered();
  answerBy(() => Promise.reject(new Error("down")));
  const all = await Promise.allSettled([ask("a"), ask("b")]);
  assertEquals(all.map(({ status }) => status), ["rejected", "rejected"]);
  answerBy(() => Promise.resolve(["A"]));
  assertEquals(await ask("a"), "A");
  assertEquals(sent, [["a", "b"], ["a"]]);
});

Deno.test("PAGE-021 who asks the same behind one who has given up gets an answer of its own", async () => {
  const { ask, sent, answerBy } = gathered();
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const slow = new AbortController();
  answerBy((asks) => {
    answerBy((asks) => Promise.resolve(asks.map((one) => one.toUpperCase())));
    // It takes its time to end, too.
    return promise.then(() => asks);
  });
  const gone = ask("a", slow.signal);
  await new Promise((done) => setTimeout(done, 2));
  slow.abort("enough");
  assertEquals(await gone.catch((reason) => reason), "enough");
  const again = ask("a");
  await new Promise((done) => setTimeout(done, 2));
  resolve([]);
  assertEquals([await again, sent.length], ["A", 2]);
});

Deno.test("PAGE-021 who asks the same in the task in which another gives up is asked for", async () => {
  const { ask } = gathered();
  const early = new AbortController();
  const gone = ask("a", early.signal).catch((reason) => reason);
  early.abort("enough");
  // Behind the one who gives up, and before what it leaves has ended.
  for (let turn = 0; turn < 12; turn++) {
    await Promise.resolve();
    assertEquals(await ask("a"), "A");
  }
  assertEquals(await gone, "enough");
});
