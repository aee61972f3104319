import { like, Refused, textIn, type Asked, type Documentation, type Handler } from './documented-server.ts';
import type { HostedTestRepository, TestHook } from './hosted-repository.ts';

/** Webhooks of the project: like those of a GitLab that knows signing tokens. */
export function createHookHandlers(
  repository: HostedTestRepository,
  { calls }: Documentation,
): Readonly<Record<string, Handler>> {
  const { hooks } = repository;
  const example = calls['add webhook']!.answer.body!;
  const show = ({ id, url, secret }: TestHook) =>
    like(example, { id, url, signing_token_present: repository.canSign && secret.startsWith('whsec_') });
  const read = ({ body }: Asked) => ({
    url: textIn(body, 'url'),
    secret: textIn(body, 'token') || textIn(body, 'signing_token'),
  });
  return {
    'list webhooks': () => ({ body: hooks.map(show) }),
    'add webhook': (asked) => {
      const hook = { id: hooks.length + 1, ...read(asked) };
      hooks.push(hook);
      return { body: show(hook) };
    },
    'edit webhook': (asked) => {
      const hook = hooks.find(({ id }) => String(id) === asked.params['hook_id']);
      if (!hook) throw new Refused('no merge request');
      return { body: show(Object.assign(hook, read(asked))) };
    },
  };
}
