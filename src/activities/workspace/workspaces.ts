import { join } from 'node:path';
import { WorkspaceLost } from '../../core/errors.ts';
import type { ClaimCall, ReleaseCall } from '../../core/promotion/calls.ts';
import { hurryCleaning } from '../../providers/git/mirror/cleaning.ts';
import { salvageTrees } from '../../providers/git/mirror/salvage.ts';
import {
  filesOf,
  folderKey,
  homeOf,
  isFolder,
  listFolders,
  makeFolder,
  mirrorsOf,
  removeFolder,
  type FolderOwner,
} from './folders.ts';
import type { Leases } from './leases.ts';
import type { Lock } from './lock.ts';
import { findMarker, writeMarker, type Marker } from './marker.ts';
import { Occupants } from './occupants.ts';
import { openScratch, type Scratch } from './scratch.ts';

/** A folder that an attempt works in. */
export interface EnteredWorkspace {
  /** What steps see. */
  readonly files: string;
  /** Private to git and tools. */
  readonly home: string;
  /** An earlier attempt of the step began here. */
  readonly again: boolean;
  /** Aborts when the folder is taken over. */
  readonly signal: AbortSignal;
  /** Notes that the files hold the step's work. Rejects with WorkspaceLost when a newer claim has the folder. */
  markDone(): Promise<void>;
  /** Rejects with WorkspaceLost when the folder is gone or a newer claim has it. */
  check(): Promise<void>;
  leave(): void;
}

/** The folders of one worker: one per promotion, on a disk that no second worker uses. */
export class Workspaces {
  /** Identity of the disk; stays when the worker restarts. */
  readonly uid: string;
  readonly leases: Leases;
  /** Folder of what promotions leave to later ones: mirrors of repositories, clean work trees. */
  readonly mirrors: string;
  readonly #root: string;
  readonly #lock: Lock;
  readonly #occupants = new Occupants();
  readonly #cleaning = new Set<Promise<unknown>>();

  constructor(root: string, uid: string, lock: Lock, leases: Leases) {
    this.#root = root;
    this.uid = uid;
    this.#lock = lock;
    this.leases = leases;
    this.mirrors = mirrorsOf(root);
  }

  /**
   * Gives the promotion its folder, the one it had or an empty one. Answers the steps whose work it holds. `runId` is the
   * run that asks: one that was reset to an earlier point does not get the files of its future.
   */
  async claim(call: ClaimCall, runId: string): Promise<readonly number[]> {
    const key = folderKey(call);
    const { workflowId, firstRunId, generation } = call;
    return this.#occupants.inTurn(key, async () => {
      let known = await this.#findOwn(key, call);
      if (known && known.generation >= generation && known.runId !== runId) known = undefined;
      if (known && known.generation > generation) throw lost('a later claim has taken it over');
      if (known?.generation !== generation) await this.#occupants.evict(key, lost('it was claimed anew'));
      if (!known) await makeFolder(this.#folder(key));
      const { done = [], begun } = known ?? {};
      const mark = { workflowId, firstRunId, runId, generation, done, leased: true };
      await this.#write(key, { ...mark, ...(begun !== undefined && { begun }) });
      return done;
    });
  }

  /** Takes the lease back; with `remove` the folder too. Nothing to take back is fine. */
  async release(call: Omit<ReleaseCall, 'uid'>): Promise<void> {
    const key = folderKey(call);
    await this.#occupants.inTurn(key, async () => {
      if (call.remove) return this.#remove(key);
      const marker = await this.#findOwn(key, call);
      if (marker) await this.#write(key, { ...marker, leased: false });
      else this.leases.giveBack(key);
    });
  }

  /** Lets an attempt in, alone, if the folder is what its claim says. Rejects with WorkspaceLost otherwise. */
  async enter(owner: FolderOwner, generation: number, index: number): Promise<EnteredWorkspace> {
    const key = folderKey(owner);
    return this.#occupants.inTurn(key, async () => {
      await this.#occupants.evict(key, lost('a newer attempt works in it'));
      const marker = await this.#check(key, owner, generation);
      if (marker.done.some((done) => done > index)) {
        // The promotion was reset: these are the files of its future.
        await makeFolder(this.#folder(key));
        throw lost('it holds the work of later steps');
      }
      // Until it is done again, nobody may count on what this step does to the files.
      const done = marker.done.filter((earlier) => earlier < index);
      await this.#write(key, { ...marker, done, begun: index, leased: true });
      const occupation = this.#occupants.enter(key);
      return {
        files: filesOf(this.#folder(key)),
        home: homeOf(this.#folder(key)),
        again: marker.begun === index,
        signal: occupation.signal,
        markDone: () =>
          this.#occupants.insideTurn(key, occupation.signal, () =>
            this.#markDone(key, owner, generation, index),
          ),
        check: async () => void (await this.#check(key, owner, generation)),
        leave: () => occupation.leave(),
      };
    });
  }

  /** All promotions with a folder here, and whether an attempt works in it. */
  async list(): Promise<
    readonly { key: string; folder: string; marker: Marker | undefined; busy: boolean }[]
  > {
    const keys = await listFolders(this.#root);
    return Promise.all(
      keys.map(async (key) => {
        const folder = this.#folder(key);
        return { key, folder, marker: await findMarker(folder), busy: this.#occupants.isInside(key) };
      }),
    );
  }

  /** Deletes a folder unless it changed since it was looked at. Returns whether it did. */
  async removeUnchanged(key: string, seen: Marker | undefined): Promise<boolean> {
    return this.#occupants.inTurn(key, async () => {
      const now = await findMarker(this.#folder(key));
      if (now?.usedAt !== seen?.usedAt) return false;
      await this.#remove(key);
      return true;
    });
  }

  /** Takes a lease back that nobody used for long; the folder stays, and a step that comes back takes it again. */
  async expireLease(key: string, seen: Marker): Promise<void> {
    await this.#occupants.inTurn(key, async () => {
      const now = await findMarker(this.#folder(key));
      if (!now || now.usedAt !== seen.usedAt || this.#occupants.isInside(key)) return;
      await writeMarker(this.#folder(key), { ...now, leased: false });
      this.leases.giveBack(key);
    });
  }

  /** A private folder for an attempt that needs none of the promotion's files; it is made by whoever writes into it. */
  openScratch(): Scratch {
    return openScratch(this.#root);
  }

  async close(): Promise<void> {
    hurryCleaning(this.mirrors);
    await Promise.all(this.#cleaning);
    await this.#lock.close();
  }

  async #markDone(key: string, owner: FolderOwner, generation: number, index: number): Promise<void> {
    const marker = await this.#check(key, owner, generation);
    const done = [...marker.done.filter((other) => other !== index), index].sort((a, b) => a - b);
    await this.#write(key, { ...marker, done });
  }

  async #check(key: string, owner: FolderOwner, generation: number): Promise<Marker> {
    const marker = await this.#findOwn(key, owner);
    if (!marker) throw lost('its folder is gone');
    if (marker.generation !== generation) throw lost('a later claim has taken it over');
    return marker;
  }

  async #findOwn(key: string, { workflowId, firstRunId }: FolderOwner): Promise<Marker | undefined> {
    const folder = this.#folder(key);
    const [marker, ...there] = await Promise.all([
      findMarker(folder),
      isFolder(filesOf(folder)),
      isFolder(homeOf(folder)),
    ]);
    if (marker?.workflowId !== workflowId || marker.firstRunId !== firstRunId) return undefined;
    return there.every(Boolean) ? marker : undefined;
  }

  async #write(key: string, marker: Omit<Marker, 'usedAt'>): Promise<void> {
    await writeMarker(this.#folder(key), { ...marker, usedAt: Date.now() });
    if (marker.leased) this.leases.take(key);
    else this.leases.giveBack(key);
  }

  async #remove(key: string): Promise<void> {
    await this.#occupants.evict(key, lost('its promotion has ended'));
    const folder = this.#folder(key);
    const places = { home: homeOf(folder), files: filesOf(folder), mirrors: this.mirrors };
    const { cleaned } = await salvageTrees(places);
    const { deleted } = await removeFolder(folder);
    this.leases.giveBack(key);
    // Nobody has to wait for the disk.
    const all = Promise.all([cleaned, deleted]);
    this.#cleaning.add(all);
    void all.then(() => this.#cleaning.delete(all));
  }

  #folder(key: string): string {
    return join(this.#root, key);
  }
}

function lost(why: string): WorkspaceLost {
  return new WorkspaceLost(`the workspace is lost: ${why}`);
}
