import { koffi } from '../foreign.ts';
import type { Pointer } from './library.ts';

/** libcmap of corosync 3.1 on a 64-bit Linux (cmap.h) as functions: Corosync's own table of what it knows and counts. */

/** By value in the callback. */
export interface NativeValue {
  readonly type: number;
  readonly length: number | bigint;
  readonly data: Pointer;
}

type Handle = bigint | number;
type Out<T> = [T];

export type CmapNotify = (
  handle: Handle,
  track: Handle,
  event: number,
  key: string,
  after: NativeValue,
  before: NativeValue,
  context: Pointer,
) => void;

/** Every function but `registerNotify` returns a `cs_error_t`, see `errors.ts`. */
export interface CmapLibrary {
  readonly registerNotify: (callback: CmapNotify) => bigint;
  readonly initialize: (handle: Out<Handle>, map: number) => number;
  readonly finalize: (handle: Handle) => number;
  readonly descriptor: (handle: Handle, descriptor: Out<number>) => number;
  readonly dispatch: (handle: Handle, mode: number) => number;
  /** `value` is filled; `length` is its size, and then the length of what was there. */
  readonly get: (
    handle: Handle,
    key: string,
    value: Uint8Array,
    length: Out<number | bigint>,
    type: Out<number>,
  ) => number;
  readonly track: (
    handle: Handle,
    key: string,
    events: number,
    notify: bigint,
    context: null,
    track: Out<Handle>,
  ) => number;
}

let loaded: CmapLibrary | undefined;

/** Throws where libcmap is not installed. */
export function loadCmapLibrary(): CmapLibrary {
  loaded ??= load();
  return loaded;
}

function load(): CmapLibrary {
  const value = koffi.struct('CorosyncCmapValue', { type: 'int', length: 'size_t', data: 'const void *' });
  const outHandle = koffi.out(koffi.pointer('uint64_t'));
  const outInt = koffi.out(koffi.pointer('int'));
  const notify = koffi.pointer(
    koffi.proto('CorosyncCmapNotify', 'void', [
      'uint64_t',
      'uint64_t',
      'int32_t',
      'str',
      value,
      value,
      'const void *',
    ]),
  );
  const cmap = koffi.load('libcmap.so.4');
  return {
    registerNotify: (callback) => koffi.register(callback, notify),
    initialize: cmap.func('cmap_initialize_map', 'int', [outHandle, 'int']),
    finalize: cmap.func('cmap_finalize', 'int', ['uint64_t']),
    descriptor: cmap.func('cmap_fd_get', 'int', ['uint64_t', outInt]),
    dispatch: cmap.func('cmap_dispatch', 'int', ['uint64_t', 'int']),
    get: cmap.func('cmap_get', 'int', [
      'uint64_t',
      'str',
      'void *',
      koffi.inout(koffi.pointer('size_t')),
      outInt,
    ]),
    track: cmap.func('cmap_track_add', 'int', ['uint64_t', 'str', 'int32_t', notify, 'void *', outHandle]),
  };
}
