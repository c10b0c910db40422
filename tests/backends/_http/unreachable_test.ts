import { assert, assertEquals } from "@std/assert";
import { unreachable } from "../../../backends/_http/unreachable.ts";

Deno.test("RET-018 silence names the origin and what the platform says underneath, and no query", () => {
  const cause = new TypeError("fetch failed", {
    cause: new Error("certificate has expired"),
  });
  const error = unreachable(cause, "https://h.example:8443/b/k?sig=s3cret");
  assertEquals(
    error.message,
    "no answer came from https://h.example:8443: certificate has expired",
  );
  assert(!error.inDoubt);
});

Deno.test("RET-018 in a page of another origin CORS rules are named as a reason", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "location");
  const at = (origin: string) =>
    Object.defineProperty(globalThis, "location", {
      value: { origin },
      configurable: true,
    });
  try {
    at("https://app.example");
    const { message } = unreachable(new TypeError(), "https://h.example/k");
    assert(message.includes("CORS"), message);
    at("https://h.example");
    assertEquals(
      unreachable(new TypeError(), "https://h.example/k").message,
      "no answer came from https://h.example",
    );
  } finally {
    if (before) Object.defineProperty(globalThis, "location", before);
  }
});
