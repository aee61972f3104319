import { userInfo } from 'node:os';

/** Who acts when nobody is named; undefined where the system knows no such user, as in some containers. */
export function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
