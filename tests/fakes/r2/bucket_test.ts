import { FakeR2 } from "./bucket.ts";
import { CASES } from "./cases.ts";
import { defineFixedLengthStream } from "./fixed_length_stream.ts";

for (const { name, run } of CASES) {
  Deno.test(`the fake of R2 does as R2 does, ${name}`, async () => {
    using _ = defineFixedLengthStream();
    await run(new FakeR2(), "root/");
  });
}
