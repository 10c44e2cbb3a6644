import { koffi } from '../foreign.ts';

/**
 * Corosync's C libraries as functions. Sizes and layouts are those of corosync 3.1 on a 64-bit Linux
 * (cpg.h, quorum.h, corotypes.h); pointers are opaque here and are read by `native.ts`.
 */

/** A pointer that is valid only while the callback that was given it runs. */
export type Pointer = unknown;

/** By value in callbacks; koffi gives a number while the value is exact. */
export interface NativeRingId {
  readonly nodeid: number;
  readonly seq: number | bigint;
}

type Handle = bigint | number;
type Out<T> = [T];

export interface CpgCallbacks {
  readonly deliver: (
    handle: Handle,
    group: Pointer,
    node: number,
    process: number,
    message: Pointer,
    length: number | bigint,
  ) => void;
  readonly changed: (
    handle: Handle,
    group: Pointer,
    members: Pointer,
    memberCount: number | bigint,
    left: Pointer,
    leftCount: number | bigint,
    joined: Pointer,
    joinedCount: number | bigint,
  ) => void;
  readonly ring: (handle: Handle, ring: NativeRingId, count: number, nodes: Pointer) => void;
}

export interface QuorumCallbacks {
  readonly quorum: (
    handle: Handle,
    quorate: number,
    ring: NativeRingId,
    count: number,
    nodes: Pointer,
  ) => void;
  readonly nodes: (handle: Handle, ring: NativeRingId, count: number, nodes: Pointer) => void;
}

export type Registered = bigint;

/** Every function returns a `cs_error_t`, see `errors.ts`. */
export interface Library {
  readonly registerCpg: (callbacks: CpgCallbacks) => Record<keyof CpgCallbacks, Registered>;
  readonly cpgInitialize: (
    handle: Out<Handle>,
    model: number,
    data: {
      model: number;
      deliver: Registered;
      changed: Registered;
      ring: Registered;
      flags: number;
    },
    context: null,
  ) => number;
  readonly cpgFinalize: (handle: Handle) => number;
  readonly cpgDescriptor: (handle: Handle, descriptor: Out<number>) => number;
  readonly cpgLocalNode: (handle: Handle, node: Out<number>) => number;
  readonly cpgDispatch: (handle: Handle, mode: number) => number;
  readonly cpgJoin: (handle: Handle, name: Uint8Array) => number;
  readonly cpgLeave: (handle: Handle, name: Uint8Array) => number;
  readonly cpgMulticast: (
    handle: Handle,
    guarantee: number,
    vectors: { base: Uint8Array; length: number }[],
    count: number,
  ) => number;
  readonly registerQuorum: (callbacks: QuorumCallbacks) => Record<keyof QuorumCallbacks, Registered>;
  readonly quorumInitialize: (
    handle: Out<Handle>,
    model: number,
    data: { model: number; quorum: Registered; nodes: Registered },
    type: Out<number>,
    context: null,
  ) => number;
  readonly quorumFinalize: (handle: Handle) => number;
  readonly quorumDescriptor: (handle: Handle, descriptor: Out<number>) => number;
  readonly quorumDispatch: (handle: Handle, mode: number) => number;
  readonly quorumTrack: (handle: Handle, flags: number) => number;
}

let loaded: Library | undefined;

/** Throws where Corosync's libraries are not installed: without them there is nothing to try again. */
export function loadLibrary(): Library {
  loaded ??= load();
  return loaded;
}

function load(): Library {
  // All named: koffi 3.3.4 confuses pointers to anonymous types with one another.
  const ringId = koffi.struct('CorosyncRingId', { nodeid: 'uint32_t', seq: 'uint64_t' });
  const vector = koffi.struct('CorosyncVector', { base: 'void *', length: 'size_t' });
  const outHandle = koffi.out(koffi.pointer('uint64_t'));
  const outInt = koffi.out(koffi.pointer('int'));
  const outUnsigned = koffi.out(koffi.pointer('uint32_t'));

  const deliver = koffi.pointer(
    koffi.proto('CorosyncCpgDeliver', 'void', [
      'uint64_t',
      'const void *',
      'uint32_t',
      'uint32_t',
      'void *',
      'size_t',
    ]),
  );
  const list = ['const void *', 'size_t'] as const;
  const changed = koffi.pointer(
    koffi.proto('CorosyncCpgChanged', 'void', ['uint64_t', 'const void *', ...list, ...list, ...list]),
  );
  const ring = koffi.pointer(
    koffi.proto('CorosyncCpgRing', 'void', ['uint64_t', ringId, 'uint32_t', 'const void *']),
  );
  const cpgModel = koffi.struct('CorosyncCpgModel', { model: 'int', deliver, changed, ring, flags: 'uint' });

  const nodeList = ['uint32_t', 'const void *'] as const;
  const quorum = koffi.pointer(
    koffi.proto('CorosyncQuorumChanged', 'void', ['uint64_t', 'uint32_t', ringId, ...nodeList]),
  );
  const nodes = koffi.pointer(
    koffi.proto('CorosyncQuorumNodes', 'void', ['uint64_t', ringId, ...nodeList, ...nodeList, ...nodeList]),
  );
  const quorumModel = koffi.struct('CorosyncQuorumModel', { model: 'int', quorum, nodes });

  const cpg = koffi.load('libcpg.so.4');
  const quorumLibrary = koffi.load('libquorum.so.5');

  const library = {
    registerCpg: (callbacks: CpgCallbacks) => ({
      deliver: koffi.register(callbacks.deliver, deliver),
      changed: koffi.register(callbacks.changed, changed),
      ring: koffi.register(callbacks.ring, ring),
    }),
    cpgInitialize: cpg.func('cpg_model_initialize', 'int', [
      outHandle,
      'int',
      koffi.pointer(cpgModel),
      'void *',
    ]),
    cpgFinalize: cpg.func('cpg_finalize', 'int', ['uint64_t']),
    cpgDescriptor: cpg.func('cpg_fd_get', 'int', ['uint64_t', outInt]),
    cpgLocalNode: cpg.func('cpg_local_get', 'int', ['uint64_t', outUnsigned]),
    cpgDispatch: cpg.func('cpg_dispatch', 'int', ['uint64_t', 'int']),
    cpgJoin: cpg.func('cpg_join', 'int', ['uint64_t', 'const void *']),
    cpgLeave: cpg.func('cpg_leave', 'int', ['uint64_t', 'const void *']),
    cpgMulticast: cpg.func('cpg_mcast_joined', 'int', ['uint64_t', 'int', koffi.pointer(vector), 'uint']),
    registerQuorum: (callbacks: QuorumCallbacks) => ({
      quorum: koffi.register(callbacks.quorum, quorum),
      nodes: koffi.register(callbacks.nodes, nodes),
    }),
    quorumInitialize: quorumLibrary.func('quorum_model_initialize', 'int', [
      outHandle,
      'int',
      koffi.pointer(quorumModel),
      outUnsigned,
      'void *',
    ]),
    quorumFinalize: quorumLibrary.func('quorum_finalize', 'int', ['uint64_t']),
    quorumDescriptor: quorumLibrary.func('quorum_fd_get', 'int', ['uint64_t', outInt]),
    quorumDispatch: quorumLibrary.func('quorum_dispatch', 'int', ['uint64_t', 'int']),
    quorumTrack: quorumLibrary.func('quorum_trackstart', 'int', ['uint64_t', 'uint']),
  };
  // koffi's functions are untyped; `Library` states what the headers say.
  return library;
}
