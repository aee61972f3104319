import type { ToolDeclaration } from '../declaration.ts';
import { bash } from './bash.ts';
import { gitLfs } from './git-lfs.ts';
import { git } from './git.ts';
import { gitea } from './gitea.ts';
import { helm } from './helm.ts';
import { kustomize } from './kustomize.ts';
import { registry } from './registry.ts';
import { temporal } from './temporal.ts';

/** Every binary Gantry uses, the quickest to get first. */
export const declarations: readonly ToolDeclaration[] = [git, bash, kustomize, helm, temporal];

/** What only tests make; nobody is shown it. Promotions use the git-lfs that is there. */
export const testDeclarations: readonly ToolDeclaration[] = [gitLfs, registry, gitea];
