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
  const reach = reachWithin(5_000, signal);
  const text = await got(url, requestOptions(url, reach.signal)).text().finally(reach.reached);
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
  const reach = reachWithin(5_000, signal);
  const stream = got.stream(url, requestOptions(url, reach.signal));
  stream.once('response', reach.reached);
  stream.on('downloadProgress', ({ transferred, total }: { transferred: number; total?: number }) => {
    const of = total ? ` of ${Math.ceil(total / mib)}` : '';
    onShare(`: ${Math.floor(transferred / mib)}${of} MiB`);
  });
  try {
    await pipeline(stream, createWriteStream(file));
  } finally {
    reach.reached();
  }
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

/** Aborts when nothing has answered in time; after `reached` only when the caller does. */
function reachWithin(milliseconds: number, signal: AbortSignal) {
  const controller = new AbortController();
  const late = () => controller.abort(new Error(`no answer within ${milliseconds / 1000} s`));
  const timer = setTimeout(late, milliseconds);
  return { signal: AbortSignal.any([signal, controller.signal]), reached: () => clearTimeout(timer) };
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
