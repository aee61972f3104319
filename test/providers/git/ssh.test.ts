import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import type { Credentials } from '../../../src/providers/credentials/credentials.ts';
import { createTestRepository, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

/** Stands for ssh: notes how it was called, and runs on this machine what it was to run on the other. */
const ssh = `#!/bin/sh
{ printf '%s\\n' "$@"; echo "agent=$SSH_AUTH_SOCK"; } > "$NOTES"
if [ -n "$GANTRY_SSH_KEY" ]; then
  { stat -c %a "$GANTRY_SSH_KEY"; cat "$GANTRY_SSH_KEY"; } >> "$NOTES"
fi
for command; do :; done
eval "exec $command"
`;

describe('git over SSH', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let notes: string;

  beforeEach(() => {
    rig = createStepRig();
    notes = join(rig.folder, 'notes');
    mkdirSync(join(rig.folder, 'bin'));
    writeFileSync(join(rig.folder, 'bin/ssh'), ssh, { mode: 0o755 });
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
  });
  afterEach(() => rig.remove());

  async function clone(found: Credentials | undefined): Promise<string> {
    const environment = { PATH: `${join(rig.folder, 'bin')}:${process.env['PATH']}`, NOTES: notes };
    const git = { environment, credentials: { find: async () => found } };
    const config = { repoURL: `git@git.example:${origin.path}`, checkout: [{ path: 'src', branch: 'main' }] };
    await rig.run(gitClone, config, { git });
    return readFileSync(notes, 'utf8');
  }

  it('uses the key of the credentials and nothing else, and takes it away afterwards', async () => {
    const noted = await clone({ sshPrivateKey: 'CANARY KEY\r\nsecond line' });
    const keyFile = join(rig.root, '.home/ssh-key');
    assert.match(
      noted,
      new RegExp(`^-o\\nBatchMode=yes\\n[^]*-F\\n/dev/null\\n-i\\n${keyFile}\\n-o\\nIdentitiesOnly=yes\\n`),
    );
    assert.match(noted, /agent=\n600\nCANARY KEY\nsecond line\n$/);
    assert.equal(existsSync(keyFile), false);
  });

  it('leaves the choice of a key to the agent when there are no credentials of its own', async () => {
    const noted = await clone({ sshAgent: '/run/agent' });
    assert.match(noted, /agent=\/run\/agent\n$/);
    assert.doesNotMatch(noted, /IdentitiesOnly|^-[Fi]$/m);
  });
});
