import { BACKENDS, checkAtomicWrites, checkWriters } from "./schedules.ts";

/** A new one each time, printed, so that a failure can be run again. */
const SEED = Date.now() % 2 ** 31;

for (const backend of Object.keys(BACKENDS)) {
  Deno.test(`QUEUE-004: 1,000 schedules of writers on ${backend} are the model's (seed ${SEED})`, async () => {
    await checkWriters(backend, 1000, SEED);
  });

  Deno.test(`QUEUE-004: of 1,000 schedules of writeAtomic on ${backend} none leaves a part (seed ${SEED})`, async () => {
    await checkAtomicWrites(backend, 1000, SEED);
  });
}
