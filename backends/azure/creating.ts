// This module is browser compatible.
import { CALL, requireKnown } from "../../core/known_options.ts";
import type { CallOptions } from "../../core/options.ts";
import { CREATED } from "./answers.ts";
import { failureCode } from "./failures.ts";
import { type AzureBackendOptions, checkOptions } from "./options.ts";

/**
 * Creates the container that the options name, without public access, unless it is there
 * already.
 *
 * @example The first steps with a new account
 *
 * It does not run here: it needs an account.
 * ```ts ignore
 * await createContainer(options);
 * const store = new Store({ backend: new AzureBackend(options) });
 * ```
 *
 * @throws {PermissionDeniedError} If the credentials do not allow it: those of a SAS for a
 * container never do.
 */
export async function createContainer(
  options: AzureBackendOptions,
  call: CallOptions = {},
): Promise<void> {
  requireKnown("create a container", null, call, CALL);
  const { container } = checkOptions(options);
  const answer = await container.ask("PUT", container.ownUrl({}), {
    answers: CREATED,
    refusals: [409],
    signal: call.signal,
  });
  if (answer.outcome === "done") return;
  if (failureCode(answer.failure) === "ContainerAlreadyExists") return;
  throw answer.error;
}
