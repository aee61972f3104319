/** Where an image, chart or other artifact is in a registry. */
export interface ArtifactReference {
  /** With port; Docker Hub's own where none is named. */
  readonly host: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** As written, without `oci://`. */
  readonly text: string;
  /** Written with `oci://`: a chart repository, opened with credentials of the type helm. */
  readonly isChart: boolean;
}

/** What a reference looks like that names a tag or a digest. */
export const referencePattern = '^(oci://)?[a-zA-Z0-9._-]+(:\\d+)?(/[a-zA-Z0-9._-]+)*[@:][a-zA-Z0-9._:-]+$';

/** The same for one that names a tag. */
export const taggedPattern = '^(oci://)?[a-zA-Z0-9._-]+(:\\d+)?(/[a-zA-Z0-9._-]+)*[:][a-zA-Z0-9._-]+$';

/** Takes a reference apart. Throws an Error that says which part no registry knows. */
export function parseReference(written: string): ArtifactReference {
  const isChart = written.startsWith('oci://');
  const text = isChart ? written.slice('oci://'.length) : written;
  const [, name = '', mark, version = ''] = /^([^@]*?)(@|:)([^/@:]+|[^/@:]+:[^/@:]+)$/.exec(text) ?? [];
  const [host, path] = splitHost(name);
  if (!repositoryPattern.test(path))
    throw new Error(`"${text}" names no repository: lower case, digits, ".", "_", "-" and "/" are allowed`);
  if (mark === '@' && !digestPattern.test(version))
    throw new Error(`"${text}" ends in no digest such as sha256:… with 64 hexadecimal digits`);
  if (mark === ':' && !tagPattern.test(version))
    throw new Error(`"${text}" has the tag "${version}", which no registry takes`);
  return {
    host,
    repository: path,
    text,
    isChart,
    ...(mark === '@' ? { digest: version } : { tag: version }),
  };
}

/** What credentials are looked up by: the reference without tag and digest. */
export function repositoryURL({ text, isChart }: ArtifactReference): string {
  const name = text.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return isChart ? `oci://${name}` : name;
}

/** Says whether a text is the digest of something in a registry. */
export function isDigest(text: string): boolean {
  return digestPattern.test(text);
}

const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** A first part without a dot or port is a repository of Docker Hub, as docker reads it. */
function splitHost(name: string): readonly [string, string] {
  const [, first = '', rest] = /^([^/]*)\/(.+)$/.exec(name) ?? [];
  if (rest === undefined) return [dockerHub, `library/${name}`];
  if (!/[.:]/.test(first) && first !== 'localhost') return [dockerHub, name];
  if (first !== 'docker.io' && first !== 'index.docker.io' && first !== dockerHub)
    return [first.toLowerCase(), rest];
  return [dockerHub, rest.includes('/') ? rest : `library/${rest}`];
}

const dockerHub = 'registry-1.docker.io';
