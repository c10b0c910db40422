import { assert, assertEquals, assertThrows } from "@std/assert";
import { escaped, wrapped } from "../../../../tools/docs/pictures/drawing.ts";
import { drawPictures } from "../../../../tools/docs/pictures/files.ts";
import {
  INDEXEDDB,
  MULTIPART,
  SIGNING,
} from "../../../../tools/docs/pictures/flows.ts";
import { drawFlow } from "../../../../tools/docs/pictures/sequence.ts";

Deno.test("PIC-001: the pictures that stand are those that are drawn", async () => {
  for (const [path, drawn] of drawPictures()) {
    const file = new URL(`../../../../${path}`, import.meta.url);
    assertEquals(await Deno.readTextFile(file), drawn, path);
  }
});

Deno.test("PIC-001: all that a flow says is in its picture", () => {
  for (const flow of [MULTIPART, SIGNING, INDEXEDDB]) {
    const words = [...drawFlow(flow).matchAll(/<text[^>]*>([^<]*)</g)]
      .map(([, word]) => word).join(" ");
    for (const step of flow.steps) {
      const said = "does" in step
        ? step.does
        : "says" in step
        ? step.says
        : step.answers;
      assert(words.includes(escaped(said)), said);
    }
    assert(flow.actors.every((actor) => words.includes(actor)));
  }
});

Deno.test("PIC-001: nothing of a picture lies outside of it", () => {
  for (const [path, drawn] of drawPictures()) {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawn)!;
    const within = (name: string, most: number) =>
      [...drawn.matchAll(new RegExp(` ${name}="(-?[\\d.]+)"`, "g"))]
        .every(([, at]) => Number(at) >= 0 && Number(at) <= most);
    for (const name of ["x", "x1", "x2"]) {
      assert(within(name, Number(width)), path);
    }
    for (const name of ["y", "y1", "y2"]) {
      assert(within(name, Number(height)), path);
    }
  }
});

Deno.test("PIC-001: a step of somebody who takes no part is an error", () => {
  const steps = [{ from: "a", to: "c", says: "x" }];
  assertThrows(
    () => drawFlow({ title: "t", actors: ["a", "b"], steps }),
    Error,
    '"t" has no "c"',
  );
});

Deno.test("PIC-001: words are broken between words, and marked up", () => {
  assertEquals(wrapped("one two three", 60), ["one two", "three"]);
  assertEquals(escaped('<a href="b">&'), "&lt;a href=&quot;b&quot;&gt;&amp;");
});
