import { below, notFound, type Answer, type Caller, type Route } from './github-route.ts';
import type { GitHubState } from './github-server.ts';
import { problem } from './github-wire.ts';

/** A webhook as GitHub keeps it; its secret is never shown. */
export interface WireHook {
  readonly id: number;
  active: boolean;
  events: readonly string[];
  config: { readonly url: string; readonly secret: string };
}

/** https://docs.github.com/en/rest/repos/webhooks */
export function createHookRoutes({ hooks }: Pick<GitHubState, 'hooks'>): readonly Route[] {
  const show = (hook: WireHook) => ({
    type: 'Repository',
    ...hook,
    name: 'web',
    config: { ...hook.config, secret: '********' },
  });
  return [
    {
      method: 'GET',
      path: below('/hooks'),
      answer: () => ({ status: 200, body: hooks.map(show) }),
    },
    {
      method: 'POST',
      path: below('/hooks'),
      answer(caller) {
        const values = readHook(caller);
        if (!values || hooks.some(({ config }) => config.url === values.config.url)) return invalid;
        const hook = { id: 12_345_678 + hooks.length, ...values };
        hooks.push(hook);
        return { status: 201, body: show(hook) };
      },
    },
    {
      method: 'PATCH',
      path: below('/hooks/(\\d+)'),
      answer(caller, [, id]) {
        const hook = hooks.find((one) => one.id === Number(id));
        const values = readHook(caller);
        if (!hook) return notFound();
        if (!values) return invalid;
        return { status: 200, body: show(Object.assign(hook, values)) };
      },
    },
  ];
}

const invalid: Answer = {
  status: 422,
  body: problem('Validation Failed', 422, [
    { resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' },
  ]),
};

function readHook({ body }: Caller): Omit<WireHook, 'id'> | undefined {
  const { active, events, config } = body as unknown as WireHook & { config: { content_type?: string } };
  return config.content_type === 'json' && config.url ? { active, events, config } : undefined;
}
