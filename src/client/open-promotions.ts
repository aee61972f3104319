import { findTarget, openClient, type Target } from './connect.ts';
import { createPromotions, type Promotions } from './promotions.ts';

/** Promotions on a server, and which server that is. Must be closed. */
export interface Session {
  readonly promotions: Promotions;
  readonly target: Target;
  readonly close: () => Promise<void>;
}

/** Finds the server that settings and environment name, and connects to it; Unreachable within 5 seconds. */
export async function openPromotions(data: string, env: NodeJS.ProcessEnv): Promise<Session> {
  return openSession(await findTarget(data, env));
}

/** Connects to a server that is known already. */
export async function openSession(target: Target): Promise<Session> {
  const { client, close } = await openClient(target);
  return { promotions: createPromotions(client), target, close };
}
