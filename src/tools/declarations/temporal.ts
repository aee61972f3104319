import { versionNumbers, type ToolDeclaration } from '../declaration.ts';

const pin = '1.5.1';

/** The Temporal CLI with its development server. Another patch of the same minor speaks to the same database. */
export const temporal: ToolDeclaration = {
  name: 'temporal',
  pin,
  accepts: (version) => {
    const [major, minor] = versionNumbers(version);
    const [pinMajor, pinMinor] = versionNumbers(pin);
    return major === pinMajor && minor === pinMinor;
  },
  versionArgs: ['--version'],
  versionPattern: /temporal version (\S+)/,
  release: {
    base: `https://github.com/temporalio/cli/releases/download/v${pin}`,
    archive: ({ os, arch }) => `temporal_cli_${pin}_${os}_${arch}.tar.gz`,
    member: () => 'temporal',
    checksums: () => 'checksums.txt',
    // From https://github.com/zph/hermit-packages, file temporal-cli.hcl.
    published: {
      'temporal_cli_1.5.1_linux_amd64.tar.gz': 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
      'temporal_cli_1.5.1_darwin_amd64.tar.gz':
        'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
      'temporal_cli_1.5.1_darwin_arm64.tar.gz':
        'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
    },
  },
  build: {
    package: 'github.com/temporalio/cli/cmd/temporal',
    stamps: [`github.com/temporalio/cli/temporalcli.Version=${pin}`],
  },
  install: 'https://docs.temporal.io/cli, or `brew install temporal`',
};
