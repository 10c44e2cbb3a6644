import { koffi } from '../foreign.ts';
import type { CmapLibrary, NativeValue } from './cmap-library.ts';
import { describeError, OK, TRY_AGAIN } from './errors.ts';
import { copyBytes, guarded } from './native.ts';
import { pollDescriptor } from './poller.ts';
import type { Poller } from './poller.ts';

export interface StatisticsListener {
  /** A value that was asked for, as it is now; `undefined`: Corosync has none. Never from within `open`. */
  changed(key: string, value: number | undefined): void;
  died(reason: string): void;
}

/**
 * The numbers that Corosync keeps of itself. It looks itself for what has changed, every second or so, and says so:
 * nothing is asked after `open`, because a question to a Corosync that is stopped would stop the engine too.
 */
export interface Statistics {
  /** Undefined, or why it did not work (then it is closed again). Every key's present value follows. */
  open(keys: readonly string[]): { readonly error: string } | undefined;
  close(): void;
  release(): void;
}

const STATISTICS_MAP = 1;
const DISPATCH_ALL = 2;
const NOT_EXIST = 12;
const DELETED = 1;
const MODIFIED = 2;
const ADDED = 4;
/** Corosync leaves a field unset where only changes are asked for, and then may say nothing at all. */
const EVENTS = DELETED | MODIFIED | ADDED;
const LARGEST_NUMBER = 8;

/** `cmap_value_types_t`. */
const readers: Readonly<Record<number, (bytes: Buffer) => number>> = {
  2: (bytes) => bytes.readUInt8(0),
  4: (bytes) => bytes.readUInt16LE(0),
  6: (bytes) => bytes.readUInt32LE(0),
  8: (bytes) => Number(bytes.readBigUInt64LE(0)),
  9: (bytes) => bytes.readFloatLE(0),
  10: (bytes) => bytes.readDoubleLE(0),
};

const numberIn = (type: number, bytes: Buffer): number | undefined => readers[type]?.(bytes);

export function createStatistics(library: CmapLibrary, listener: StatisticsListener): Statistics {
  const notify = library.registerNotify(
    guarded((_handle, _track, event, key, after: NativeValue) => {
      const length = Number(after.length);
      const gone = event === DELETED || length > LARGEST_NUMBER;
      listener.changed(key, gone ? undefined : numberIn(after.type, copyBytes(after.data, length)));
    }),
  );
  let connection: { readonly handle: bigint | number; readonly poller: Poller } | undefined;

  function dispatch(handle: bigint | number): void {
    const code = library.dispatch(handle, DISPATCH_ALL);
    if (code !== OK && code !== TRY_AGAIN) listener.died(describeError('cmap_dispatch', code));
  }

  return {
    open(keys) {
      const handle: [bigint | number] = [0n];
      const opened = library.initialize(handle, STATISTICS_MAP);
      const fail = (call: string, code: number) => {
        library.finalize(handle[0]);
        return { error: describeError(call, code) };
      };
      // Where Corosync ends between the connection and the choice of the map, libcmap 3.1 keeps the connection, its
      // shared memory and its descriptor: whoever asked has to give it back. A handle that is none is only refused.
      if (opened !== OK) return fail('cmap_initialize_map', opened);
      const present: [string, number | undefined][] = [];
      for (const key of keys) {
        const tracked = library.track(handle[0], key, EVENTS, notify, null, [0n]);
        if (tracked !== OK) return fail('cmap_track_add', tracked);
        const bytes = Buffer.alloc(LARGEST_NUMBER);
        const type: [number] = [0];
        const got = library.get(handle[0], key, bytes, [bytes.length], type);
        if (got !== OK && got !== NOT_EXIST) return fail('cmap_get', got);
        present.push([key, got === OK ? numberIn(type[0], bytes) : undefined]);
      }
      const descriptor: [number] = [-1];
      const found = library.descriptor(handle[0], descriptor);
      if (found !== OK) return fail('cmap_fd_get', found);
      const opening = {
        handle: handle[0],
        poller: pollDescriptor(descriptor[0], () => dispatch(handle[0])),
      };
      connection = opening;
      setImmediate(() => {
        if (connection === opening) for (const [key, value] of present) listener.changed(key, value);
      });
      return undefined;
    },
    close() {
      if (connection === undefined) return;
      connection.poller.stop();
      library.finalize(connection.handle);
      connection = undefined;
    },
    release() {
      koffi.unregister(notify);
    },
  };
}
