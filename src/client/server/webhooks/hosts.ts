import { azure } from './azure.ts';
import { bitbucket } from './bitbucket.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { WebhookHost } from './host.ts';

/** Kinds of Git hosts, as paths and settings call them. */
export const webhookHosts = { azure, bitbucket, gitea, github, gitlab } as const satisfies Readonly<
  Record<string, WebhookHost>
>;

export type WebhookKind = keyof typeof webhookHosts;
