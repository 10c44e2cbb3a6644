import { koffi } from '../foreign.ts';
import type { RingId } from '../../ports/index.ts';
import { describeError, OK, TRY_AGAIN } from './errors.ts';
import type { Library } from './library.ts';
import { copyNodes, guarded, ringIdOf } from './native.ts';
import { pollDescriptor } from './poller.ts';
import type { Poller } from './poller.ts';

export interface QuorumListener {
  /** The nodes whose Corosync is in the ring. */
  nodes(ring: RingId, nodes: readonly number[]): void;
  quorum(ring: RingId, quorate: boolean, nodes: readonly number[]): void;
  died(reason: string): void;
}

/** Corosync's quorum service: who is in the ring, and whether that is enough. */
export interface Quorum {
  /** Undefined, or why it did not work (then it is closed again). The present state follows as calls. */
  open(): { readonly error: string } | undefined;
  close(): void;
  release(): void;
}

const MODEL_V1 = 1;
const DISPATCH_ALL = 2;
const TRACK_CURRENT = 1;
const TRACK_CHANGES = 2;

export function createQuorum(library: Library, listener: QuorumListener): Quorum {
  const callbacks = library.registerQuorum({
    quorum: guarded((_handle, quorate, ring, count, nodes) => {
      listener.quorum(ringIdOf(ring), quorate !== 0, copyNodes(nodes, count));
    }),
    nodes: guarded((_handle, ring, count, nodes) => {
      listener.nodes(ringIdOf(ring), copyNodes(nodes, count));
    }),
  });

  let connection: { readonly handle: bigint | number; readonly poller: Poller } | undefined;

  function dispatch(handle: bigint | number): void {
    const code = library.quorumDispatch(handle, DISPATCH_ALL);
    if (code !== OK && code !== TRY_AGAIN) listener.died(describeError('quorum_dispatch', code));
  }

  return {
    open() {
      const handle: [bigint | number] = [0n];
      const opened = library.quorumInitialize(handle, MODEL_V1, { model: MODEL_V1, ...callbacks }, [0], null);
      if (opened !== OK) return { error: describeError('quorum_model_initialize', opened) };
      const fail = (call: string, code: number) => {
        library.quorumFinalize(handle[0]);
        return { error: describeError(call, code) };
      };
      const descriptor: [number] = [-1];
      const got = library.quorumDescriptor(handle[0], descriptor);
      if (got !== OK) return fail('quorum_fd_get', got);
      const tracked = library.quorumTrack(handle[0], TRACK_CURRENT | TRACK_CHANGES);
      if (tracked !== OK) return fail('quorum_trackstart', tracked);
      connection = {
        handle: handle[0],
        poller: pollDescriptor(descriptor[0], () => dispatch(handle[0])),
      };
      return undefined;
    },
    close() {
      if (connection === undefined) return;
      connection.poller.stop();
      library.quorumFinalize(connection.handle);
      connection = undefined;
    },
    release() {
      for (const callback of Object.values(callbacks)) koffi.unregister(callback);
    },
  };
}
