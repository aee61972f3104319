import { findTarget, openClient, type ConnectSettings, type Target } from './connect.ts';
import { createDirectory, type PromotionDirectory } from './promotion-directory.ts';
import { createControls, type PromotionControls } from './promotion-controls.ts';
import { createPromotions, type Promotions } from './promotions.ts';

/** Promotions on a server, and which server that is. Must be closed. */
export interface Session {
  readonly promotions: Promotions;
  readonly directory: PromotionDirectory;
  readonly controls: PromotionControls;
  readonly target: Target;
  readonly close: () => Promise<void>;
}

/** Finds the server that settings and environment name, and connects to it; Unreachable within 5 seconds. */
export async function openPromotions(settings: ConnectSettings, env: NodeJS.ProcessEnv): Promise<Session> {
  return openSession(await findTarget(settings, env));
}

/** Connects to a server that is known already. */
export async function openSession(target: Target): Promise<Session> {
  const { client, close } = await openClient(target);
  return {
    promotions: createPromotions(client),
    directory: createDirectory(client),
    controls: createControls(client),
    target,
    close,
  };
}
