import { TerminalError } from '../../core/errors.ts';
import { findText, objectsAt, textAt } from './answer-fields.ts';
import { apiVersion } from './azure-repository.ts';
import type { HostSession } from './session.ts';

/** The ids of people by e-mail address, account or display name; all unknown names are told at once. */
export async function findIdentities(
  session: HostSession,
  names: readonly string[],
): Promise<readonly string[]> {
  const ids: (string | undefined)[] = [];
  for (const name of names) ids.push(isID(name) ? name : await findIdentity(session, name));
  const unknown = names.filter((_, at) => ids[at] === undefined);
  if (unknown.length === 0) return ids as readonly string[];
  throw new TerminalError(
    `Azure DevOps knows no reviewer ${unknown.join(', ')}, or more than one: name each by e-mail address or id`,
  );
}

async function findIdentity(session: HostSession, name: string): Promise<string | undefined> {
  const { body } = await session.ask({
    method: 'GET',
    path: '_apis/identities',
    query: { searchFilter: 'General', filterValue: name, queryMembership: 'None', 'api-version': apiVersion },
    purpose: `looking for reviewer ${name}`,
  });
  const found = objectsAt(body, 'value');
  const [only] =
    found.length === 1 ? found : found.filter((one) => findText(one, 'providerDisplayName') === name);
  return only && textAt(only, 'id');
}

function isID(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
}
