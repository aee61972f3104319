/** What pages of steps say that speak to registries. */
export const aboutRegistries = [
  'Credentials are those of the project: a Secret labelled `kargo.akuity.io/cred-type: image`, with `oci://` in front',
  '`cred-type: helm`, whose `repoURL` is the reference without tag. They are shown to the registry and the token service it',
  'names, never to where it redirects. Registries speak HTTPS; only those on this host, at a private address or under',
  '`.local` may do without, and are sent no password over it unless `insecureSkipTLSVerify` is set or they are on this host.',
].join('\n');
