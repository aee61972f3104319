import type { NativeConnection } from '@temporalio/worker';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../log.ts';

/** Temporal's numbers of the types. */
const keyword = 2;
const keywordList = 7;

const wanted: Readonly<Record<string, number>> = {
  GantryProject: keyword,
  GantryStage: keyword,
  GantryFreight: keyword,
  GantryPhase: keyword,
  GantryActor: keyword,
  GantryWarehouse: keyword,
  GantryHealth: keyword,
  GantryPullRequest: keywordList,
};

/**
 * Registers what is missing and answers the names that may be written: those that exist with the right type. To write
 * another one would stop a workflow, so nothing is taken on trust. Lists are poorer without; promotions run all the same.
 */
export async function registerSearchAttributes(
  connection: NativeConnection,
  namespace: string,
  log: Log,
): Promise<readonly string[]> {
  let reason = '';
  try {
    const before = await listTypes(connection, namespace);
    const missing = Object.entries(wanted).filter(([name]) => !(name in before));
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(missing);
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    }
  } catch (error) {
    reason = messageOf(error);
  }
  // Adding a name that exists with another type is answered like a success.
  const types = await listTypes(connection, namespace).catch((): Record<string, number> => ({}));
  const usable = Object.keys(wanted).filter((name) => types[name] === wanted[name]);
  const absent = Object.keys(wanted).filter((name) => !usable.includes(name));
  if (absent.length > 0) {
    const remedy = 'temporal operator search-attribute create --type Keyword --name <name>';
    log.warn('Some search attributes are not registered: lists cannot be filtered by them', {
      absent,
      remedy,
      ...(reason && { reason }),
    });
  }
  return usable;
}

async function listTypes(connection: NativeConnection, namespace: string): Promise<Record<string, number>> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return customAttributes;
}
