/**
 * How a pull request is called wherever promotions are searched by it: `<host>/<repository>#<number>`, in lower case,
 * `name` being that of the repository at its host (`github.com/acme/ops`).
 */
export function pullRequestKey(name: string, number: number): string {
  return `${name.toLowerCase()}#${number}`;
}
