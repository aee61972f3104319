import type { ToolDeclaration } from '../declaration.ts';

const pin = '5.8.2';

/** Renders and edits kustomizations. What it prints may change between patches, so only the pin will do. */
export const kustomize: ToolDeclaration = {
  name: 'kustomize',
  pin,
  accepts: (version) => version === pin,
  versionArgs: ['version'],
  versionPattern: /v?(\d+\.\d+\.\d+\S*)/,
  release: {
    base: `https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv${pin}`,
    archive: ({ os, arch }) => `kustomize_v${pin}_${os}_${arch}.tar.gz`,
    member: () => 'kustomize',
    checksums: () => 'checksums.txt',
  },
  build: {
    package: 'sigs.k8s.io/kustomize/kustomize/v5',
    stamps: [`sigs.k8s.io/kustomize/api/provenance.version=v${pin}`],
  },
  install: 'https://kubectl.docs.kubernetes.io/installation/kustomize/',
};
