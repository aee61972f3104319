import type { NativeConnectionOptions } from '@temporalio/worker';

/** Leaves messages uncompressed on the way to a server on this machine: they are packed for nobody (7 % per step). */
export function withoutWaste(options: NativeConnectionOptions): NativeConnectionOptions {
  const isHere = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(options.address ?? '');
  return isHere ? { grpcCompression: { codec: 'none' }, ...options } : options;
}
