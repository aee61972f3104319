import type { ToolDeclaration } from '../declaration.ts';

const pin = '3.22.0';

/** Renders charts and resolves their dependencies. What it prints may change, so only the pin will do. */
export const helm: ToolDeclaration = {
  name: 'helm',
  pin,
  accepts: (version) => version === pin,
  versionArgs: ['version', '--short'],
  versionPattern: /v?(\d+\.\d+\.\d+[^\s+]*)/,
  release: {
    base: 'https://get.helm.sh',
    archive: ({ os, arch }) => `helm-v${pin}-${os}-${arch}.tar.gz`,
    member: ({ os, arch }) => `${os}-${arch}/helm`,
    checksums: ({ os, arch }) => `helm-v${pin}-${os}-${arch}.tar.gz.sha256sum`,
  },
  build: {
    package: 'helm.sh/helm/v3/cmd/helm',
    stamps: [`helm.sh/helm/v3/internal/version.version=v${pin}`],
  },
  install: 'https://helm.sh/docs/intro/install/',
};
