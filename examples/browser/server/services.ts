/**
 * The services that the demo starts.
 *
 * @module
 */
import type { FakeS3 } from "../../../tests/fakes/s3/service.ts";
import type { FileService } from "./app.ts";
import { startAzure } from "./azurite.ts";
import { startCeph } from "./ceph.ts";
import { startFakeS3 } from "./fake_s3.ts";

/** A service that runs until it is stopped. */
export interface RunningService extends FileService {
  /** What it is, for people. */
  readonly about: string;
  /** The options of its backend as a Worker takes them; `null` where none does. */
  readonly options: Readonly<Record<string, unknown>> | null;
  /** Ends it. */
  stop(): Promise<void>;
}

/** What is started. */
export interface ServiceOptions {
  /** What stands for S3. */
  readonly s3: "fake" | "ceph";
  /** Bytes a second that the fake takes; `0` for as fast as they come. */
  readonly rate: number;
  /** Whether Azure is started, where it is installed. */
  readonly azure: boolean;
  /** The fake, where a test wants to look into it. */
  readonly fake?: FakeS3 | undefined;
}

/** Starts them. */
export async function startServices(
  { s3, rate, azure, fake }: ServiceOptions,
): Promise<RunningService[]> {
  const started = await Promise.allSettled([
    s3 === "ceph" ? startCeph() : startFakeS3({ rate, fake }),
    azure ? startAzure() : null,
  ]);
  const services = started.flatMap((one) =>
    one.status === "fulfilled" && one.value !== null ? [one.value] : []
  );
  const failed = started.find((one) => one.status === "rejected");
  if (failed === undefined) return services;
  await Promise.allSettled(services.map((service) => service.stop()));
  throw failed.reason;
}
