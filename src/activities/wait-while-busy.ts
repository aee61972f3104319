import { NotYet } from '../core/errors.ts';
import { HostBusy } from '../providers/git-hosts/git-host.ts';

/** For steps that wait anyway: a host that wants to be left alone is no error, and is asked again when it says. */
export function waitWhileBusy(error: unknown): never {
  throw error instanceof HostBusy ? new NotYet(error.message, error.retryIn) : error;
}
