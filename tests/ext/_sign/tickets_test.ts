import { assertEquals } from "@std/assert";
import { Tickets } from "../../../ext/_sign/tickets.ts";

const SECRET = new TextEncoder().encode("a secret of more than 32 characters");

Deno.test("SIGN-017 a ticket says what was sealed, as what it was sealed, for its time", async () => {
  let now = 1000;
  const tickets = new Tickets(SECRET, "files", () => now);
  const facts = { key: "ü/😀", n: 1 };
  const text = await tickets.seal("upload", facts, 60);
  assertEquals(/^[\w-]+\.[\w-]+$/.test(text), true);
  assertEquals(await tickets.open("upload", text), { facts, isOver: false });
  assertEquals(await tickets.open("errand", text), null);
  now += 60_000;
  assertEquals(await tickets.open("upload", text), { facts, isOver: true });
  const others = new Tickets(
    new TextEncoder().encode("x".repeat(32)),
    "files",
    () => now,
  );
  assertEquals(await others.open("upload", text), null);
});

Deno.test("SIGN-017 a ticket that is changed in any bit is none", async () => {
  const tickets = new Tickets(SECRET, "files", () => 0);
  const text = await tickets.seal("upload", { a: 1 }, 60);
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 7; bit++) {
      const char = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      const changed = text.slice(0, at) + char + text.slice(at + 1);
      assertEquals(await tickets.open("upload", changed), null, `${at} ${bit}`);
    }
  }
  for (
    const other of [
      "",
      ".",
      "..",
      `${text}.`,
      `.${text}`,
      `${text}=`,
      text.slice(1),
      `${text} `,
    ]
  ) {
    assertEquals(await tickets.open("upload", other), null, other);
  }
});

Deno.test("SIGN-035 a ticket for another container is none", async () => {
  const of = (place: string) => new Tickets(SECRET, place, () => 0);
  const text = await of("videos").seal("upload", { key: "users/42/a" }, 60);
  assertEquals((await of("videos").open("upload", text))?.isOver, false);
  assertEquals(await of("pictures").open("upload", text), null);
});
