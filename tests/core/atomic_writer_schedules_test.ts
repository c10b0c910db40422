import {
  BACKENDS,
  checkAtomicWrites,
  checkWriters,
} from "../deep/schedules.ts";

for (const backend of Object.keys(BACKENDS)) {
  Deno.test(`QUEUE-004: schedules of writers on ${backend} are the model's`, async () => {
    await checkWriters(backend, 60, 7);
  });

  Deno.test(`QUEUE-004: no schedule of writeAtomic on ${backend} leaves a part`, async () => {
    await checkAtomicWrites(backend, 40, 7);
  });
}
