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
