import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { got } from 'got';
import { rememberSum, WrongSum } from './cache.ts';
import type { Release, ToolDeclaration } from './declaration.ts';
import { currentPlatform } from './platform.ts';
import { unpackMember } from './unpack.ts';

export interface Download {
  readonly cache: string;
  /** Where the binary goes, named as the tool. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

const mib = 1024 * 1024;
/** Milliseconds. */
const reachWithin = 5_000;

/**
 * Downloads the publisher's release, checks it, and leaves the binary in the folder. Rejects within 5 s when the host
 * cannot be reached, and with WrongSum when the archive is another than published.
 */
export async function downloadTool(
  { name, pin }: ToolDeclaration,
  release: Release,
  { cache, folder, signal, onProgress }: Download,
): Promise<void> {
  const platform = currentPlatform();
  const archive = release.archive(platform);
  const url = `${release.base}/${archive}`;
  const expected = release.published?.[archive] ?? (await fetchSum(release, archive, cache, signal));
  const file = join(folder, 'archive');
  await fetchFile(url, file, signal, (share) => onProgress(`downloading ${name} ${pin}${share}`));
  const actual = await sumOf(file);
  if (actual !== expected) {
    throw new WrongSum(`${url} has the SHA-256 ${actual}, but ${expected} was published: not used`);
  }
  await unpackMember(file, release.member(platform), join(folder, name));
  await rm(file);
}

async function fetchSum(release: Release, archive: string, cache: string, signal: AbortSignal): Promise<string> {
  const url = `${release.base}/${release.checksums(currentPlatform())}`;
  const text = await withinReach(url, signal, (either) => got(url, requestOptions(url, either)).text());
  const line = text.split('\n').map((entry) => entry.trim().split(/\s+\*?/)).find((entry) => entry[1] === archive);
  const sum = line?.[0]?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{64}$/.test(sum)) throw new Error(`${url} has no SHA-256 of ${archive}`);
  await rememberSum(cache, archive, sum);
  return sum;
}

async function fetchFile(
  url: string,
  file: string,
  signal: AbortSignal,
  onShare: (share: string) => void,
): Promise<void> {
  let told = 0;
  await withinReach(url, signal, async (either, reached) => {
    const stream = got.stream(url, requestOptions(url, either));
    stream.once('response', reached);
    stream.on('downloadProgress', ({ transferred, total }: { transferred: number; total?: number }) => {
      if (Date.now() - told < 1_000) return;
      told = Date.now();
      const of = total ? ` of ${Math.ceil(total / mib)}` : '';
      onShare(`: ${Math.floor(transferred / mib)}${of} MiB`);
    });
    await pipeline(stream, createWriteStream(file));
  });
}

function requestOptions(url: string, signal: AbortSignal) {
  return {
    signal,
    retry: { limit: 0 },
    timeout: { connect: 4_000, secureConnect: 4_000, socket: 20_000 },
    hooks: {
      beforeRedirect: [
        (updated: { url?: string | URL | undefined }) => {
          if (url.startsWith('https:') && !String(updated.url).startsWith('https:')) {
            throw new Error(`${url} leads away from HTTPS`);
          }
        },
      ],
    },
  };
}

/** Runs a request that has to be answered soon; one that calls `reached` may then take its time. */
async function withinReach<Value>(
  url: string,
  signal: AbortSignal,
  request: (signal: AbortSignal, reached: () => void) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), reachWithin);
  const reached = () => clearTimeout(timer);
  try {
    return await request(AbortSignal.any([signal, late.signal]), reached);
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw new Error(`no answer from ${new URL(url).host} within ${reachWithin / 1000} s`, { cause: error });
  } finally {
    reached();
  }
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
