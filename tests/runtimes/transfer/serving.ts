/**
 * Runs in a page: elements and requests that a Service Worker answers by `toResponse`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { collector, type Result, runAll } from "../collector.ts";
import { PICTURE, SOUND } from "./media.ts";
import { colorAt } from "./picture.ts";
import { type Answered, BASE, CHANNEL, PLAIN } from "./served.ts";

const PICTURE_URL = `${BASE}picture.png`;
const SOUND_URL = `${BASE}sound.wav`;
const WAV_BYTES = 44 + SOUND.seconds * 48_000 * 4;

/** What differs when an `<audio>` plays. */
interface Sound {
  /** Whether it can be heard what is played. */
  readonly audible?: boolean;
  /** Whether it asks for all first, and for ranges once it knows the size. */
  readonly beginsWhole?: boolean;
}

const SOUNDS: Readonly<Record<string, Sound>> = {
  chromium: { audible: true },
  // Neither starts an AudioContext where no sound device is.
  firefox: {},
  webkit: { beginsWhole: true },
};

/** Runs the tests. The picture stays in the page, at its upper left corner. */
export async function serving({ name }: { name: string }): Promise<Result[]> {
  const { test, tests } = collector();
  const answers: Answered[] = [];
  const answered = new BroadcastChannel(CHANNEL);
  answered.onmessage = ({ data }: MessageEvent<Answered>) => answers.push(data);
  const named = (title: string, run: () => Promise<void>) =>
    test(`toResponse() ${title} [${name}]`, async () => {
      answers.length = 0;
      await run();
    });

  named("is what the page's Service Worker answers with", control);
  named("gives an <img> its picture", () => picture(answers));
  named(
    "plays an <audio>, and from a late position by a range from there",
    () => sound(answers, SOUNDS[name] ?? {}),
  );
  named("answers conditions, ranges and HEAD", () => requests(answers));
  named("decodes what no browser decodes here", decoded);
  const results = await runAll(tests);
  answered.close();
  return results;
}

async function control(): Promise<void> {
  const { serviceWorker } = navigator;
  const controlled = new Promise((resolve) =>
    serviceWorker.addEventListener("controllerchange", resolve, { once: true })
  );
  await serviceWorker.register("/transfer-worker.js");
  await controlled;
  assert(serviceWorker.controller !== null);
}

async function picture(answers: Answered[]): Promise<void> {
  const image = new Image();
  image.style.cssText = "position:fixed;left:0;top:0";
  image.src = PICTURE_URL;
  document.body.append(image);
  await image.decode();
  const { width, height, left, right } = PICTURE;
  assertEquals([image.naturalWidth, image.naturalHeight], [width, height]);
  assertEquals(colorAt(image, 0, 0), left);
  assertEquals(colorAt(image, width / 2 - 1, height - 1), left);
  assertEquals(colorAt(image, width / 2, 0), right);
  await until(() => answers.length === 1);
  assertEquals(answers, [{
    file: "picture.png",
    method: "GET",
    destination: "image",
    range: null,
    status: 200,
    contentRange: null,
  }]);
}

async function sound(
  answers: Answered[],
  { audible = false, beginsWhole = false }: Sound,
): Promise<void> {
  const audio = new Audio(SOUND_URL);
  await using ear = audible ? listen(audio) : null;
  const heard = (frequency: number) => ear === null || ear.hears(frequency);
  // Who is silent needs nobody's click.
  audio.muted = !audible;
  document.body.append(audio);
  try {
    await audio.play();
    assertEquals(Math.round(audio.duration), SOUND.seconds);
    await until(() => audio.currentTime > 0.2 && heard(SOUND.low));
    const late = SOUND.turn + 10;
    const before = answers.length;
    audio.currentTime = late;
    await until(() => !audio.seeking && audio.currentTime > late + 0.2);
    await until(() => heard(SOUND.high));
    assertEquals(audio.error, null);
    assert(answers.length > before, "a seek asks anew");
  } finally {
    audio.pause();
    audio.remove();
    // Or it goes on to fetch ahead.
    audio.removeAttribute("src");
    audio.load();
  }
  if (beginsWhole) {
    const { status, range, contentRange } = answers.shift()!;
    assertEquals([status, range, contentRange], [200, null, null]);
  }
  assertEquals(new Set(answers.map(({ status }) => status)), new Set([206]));
  for (const { contentRange, destination, range } of answers) {
    assertEquals(destination, "audio");
    const start = /^bytes=(\d+)-/.exec(range ?? "")?.[1];
    assertEquals(contentRange?.split("-")[0], `bytes ${start}`);
    assertEquals(contentRange?.split("/")[1], `${WAV_BYTES}`);
  }
  const starts = answers.map(({ range }) => Number(range?.match(/\d+/)?.[0]));
  if (!beginsWhole) assertEquals(starts[0], 0);
  assert(Math.max(...starts) > WAV_BYTES / 2, `ranges start at ${starts}`);
}

async function requests(answers: Answered[]): Promise<void> {
  const get = await ask({});
  const tag = get.headers.get("etag") ?? "";
  const modified = get.headers.get("last-modified") ?? "";
  assertEquals(get.status, 200);
  assertEquals(get.headers.get("content-type"), "image/png");
  assertEquals(get.headers.get("x-content-type-options"), "nosniff");
  const head = await ask({}, "HEAD");
  assertEquals([head.status, head.size], [200, 0]);
  assertEquals([...head.headers], [...get.headers]);

  for (
    const headers of [
      { "if-none-match": tag },
      { "if-none-match": `W/${tag}` },
      { "if-modified-since": modified },
    ]
  ) {
    const same = await ask(headers);
    assertEquals([same.status, same.size], [304, 0]);
    assertEquals(same.headers.get("etag"), tag);
    assertEquals(same.headers.get("cache-control"), "no-cache");
    assertEquals(same.headers.get("content-type"), null);
  }
  const part = await ask({ range: "bytes=1-3" });
  assertEquals([part.status, part.size], [206, 3]);
  assertEquals((await ask({ range: "bytes=1-3", "if-range": tag })).size, 3);
  const changed = await ask({ range: "bytes=1-3", "if-range": '"old"' });
  assertEquals([changed.status, changed.size], [200, get.size]);
  assertEquals((await ask({ range: "bytes=0-1,4-5" })).size, get.size);
  const beyond = await ask({ range: "bytes=1000000-" });
  assertEquals(beyond.headers.get("content-range"), `bytes */${get.size}`);
  assertEquals((await ask({ "if-match": '"old"' })).status, 412);
  assertEquals((await ask({}, "GET", "absent.png")).status, 404);
  assertEquals((await ask({}, "DELETE")).status, 405);

  // What an element had asked for can come late.
  const own = () => answers.filter(({ destination }) => destination === "");
  await until(() => own().length === 13);
  assertEquals(counted(own()), {
    "GET 200": 3,
    "GET 206": 2,
    "GET 304": 3,
    "GET 404": 1,
    "GET 412": 1,
    "GET 416": 1,
    "HEAD 200": 1,
    "DELETE 405": 1,
  });
}

async function decoded(): Promise<void> {
  const response = await fetch(`${BASE}zipped.txt`);
  assertEquals(response.headers.get("content-encoding"), null);
  assertEquals(await response.text(), PLAIN);
}

async function ask(
  headers: Record<string, string>,
  method = "GET",
  file = "picture.png",
): Promise<{ status: number; headers: Headers; size: number }> {
  const response = await fetch(`${BASE}${file}`, {
    method,
    headers,
    cache: "no-store",
  });
  const { size } = await response.blob();
  return { status: response.status, headers: response.headers, size };
}

function counted(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, status } of answers) {
    const key = `${method} ${status}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Listens to what an element plays: whether its loudest frequency is the one meant. */
function listen(
  audio: HTMLAudioElement,
): AsyncDisposable & { hears(frequency: number): boolean } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaElementSource(audio).connect(analyser);
  analyser.connect(context.destination);
  const levels = new Uint8Array(analyser.frequencyBinCount);
  return {
    hears(frequency) {
      analyser.getByteFrequencyData(levels);
      const loudest = levels.indexOf(Math.max(...levels));
      const heard = loudest * context.sampleRate / analyser.fftSize;
      return Math.abs(heard - frequency) < 100;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never came: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
