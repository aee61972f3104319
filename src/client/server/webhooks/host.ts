import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../../../core/json.ts';

/** One request of a Git host, as it came. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  /** The bytes that were signed. */
  readonly body: Buffer;
  /** What stands behind the path of the receiver, where the host shows its secret in the address. */
  readonly tail?: string;
}

/** What a delivery tells. */
export type WebhookEvent =
  | {
      readonly kind: 'pullRequest';
      /** Repositories it may be, as `HostedRepository.name` calls them: a host may call itself otherwise than people do. */
      readonly names: readonly string[];
      readonly number: number;
      /** In the host's own words, for people. */
      readonly action: string;
    }
  /** Nothing that anybody waits for; the reason is for whoever looks at the host's list of deliveries. */
  | { readonly kind: 'ignored'; readonly reason: string };

/** How one kind of Git host sends webhooks. */
export interface WebhookHost {
  /** Events to choose there, in the words of its settings page. */
  readonly events: readonly string[];
  /** What its settings page calls the place for the secret, and what goes there. */
  readonly secretHint: string;
  /** Why it is no delivery of this kind of host at all; undefined when it is one. */
  refuse?(delivery: Delivery): string | undefined;
  /** Says whether the sender knows the secret, and whether it was sent just now where the host signs the time. */
  isAuthentic(delivery: Delivery, secret: string, now: number): boolean;
  /** `host`: the one that the receiver is for, as in repository URLs. */
  read(delivery: Delivery, payload: Json, host: string): WebhookEvent;
}

export function ignored(reason: string): WebhookEvent {
  return { kind: 'ignored', reason };
}
