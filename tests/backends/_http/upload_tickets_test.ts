import { assertEquals, assertStrictEquals } from "@std/assert";
import { UploadTickets } from "../../../backends/_http/upload_tickets.ts";

Deno.test("UPL-002 a ticket that was renewed serves the next request of its upload", () => {
  const tickets = new UploadTickets();
  assertEquals(tickets.has("a"), false);
  const first = tickets.of("a", "known");
  assertEquals([first.text, tickets.has("a")], ["known", true]);
  first.text = "renewed";
  assertStrictEquals(tickets.of("a", "known"), first);
  assertEquals(tickets.of("b").text, null);
});

Deno.test("UPL-002 of more uploads than are open at once none is kept for ever", () => {
  const tickets = new UploadTickets();
  for (let at = 0; at < 1001; at++) tickets.of(`${at}`);
  assertEquals([tickets.has("0"), tickets.has("1000")], [false, true]);
});
