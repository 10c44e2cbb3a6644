import { koffi } from '../foreign.ts';
import type { LeaveReason, RingId } from '../../ports/index.ts';
import { describeError, OK, TRY_AGAIN } from './errors.ts';
import type { Library } from './library.ts';
import { copyAddresses, copyBytes, groupName, guarded, ringIdOf } from './native.ts';
import type { Address } from './native.ts';
import { pollDescriptor } from './poller.ts';
import type { Poller } from './poller.ts';

export interface Process {
  readonly node: number;
  readonly process: number;
}

export interface ViewChange {
  readonly members: readonly Process[];
  readonly joined: readonly Process[];
  readonly left: readonly (Process & { readonly reason: LeaveReason })[];
  /** A change of Corosync's ring made this view; its ring id follows. */
  readonly ringChanged: boolean;
}

export interface CpgListener {
  message(sender: Process, bytes: Buffer): void;
  view(change: ViewChange): void;
  /** The ring in which everything after this call is delivered; after the views that it caused. */
  ring(ring: RingId): void;
  died(reason: string): void;
}

/** A closed process group, Corosync's ordered multicast. Opened and closed again and again; `release` ends it. */
export interface Cpg {
  /** Joins the group; gives this node's id, or why it did not work (then it is closed again). */
  open(): { readonly node: number } | { readonly error: string };
  /** A `cs_error_t`: sent, to be tried again, or dead. */
  multicast(frame: Uint8Array): number;
  /** `leave` tells the others that this engine ends on purpose; otherwise they see it as died. */
  close(leave: boolean): void;
  release(): void;
}

const MODEL_V1 = 1;
/** Gives the ring of the moment of joining too, not only later ones. */
const DELIVER_INITIAL_RING = 1;
const DISPATCH_ALL = 2;
const GUARANTEE_AGREED = 2;
const REASON_LEAVE = 2;
const REASON_NODE_DOWN = 3;
const REASON_NODE_UP = 4;
const REASON_PROCESS_DOWN = 5;

const processOf = ({ node, process }: Address): Process => ({ node, process });

function leaveReason(reason: number): LeaveReason {
  if (reason === REASON_LEAVE) return 'leave';
  if (reason === REASON_PROCESS_DOWN) return 'procdown';
  // Whatever else Corosync may say one day: assume the worst.
  return 'nodedown';
}

export function createCpg(library: Library, group: string, listener: CpgListener): Cpg {
  const name = groupName(group);
  // Registered once, not for each connection: koffi has a limited number of them.
  const callbacks = library.registerCpg({
    deliver: guarded((_handle, _group, node, process, message, length) => {
      listener.message({ node, process }, copyBytes(message, Number(length)));
    }),
    changed: guarded((_handle, _group, members, memberCount, left, leftCount, joined, joinedCount) => {
      const leavers = copyAddresses(left, leftCount);
      const joiners = copyAddresses(joined, joinedCount);
      listener.view({
        members: copyAddresses(members, memberCount).map(processOf),
        joined: joiners.map(processOf),
        left: leavers.map((address) => ({ ...processOf(address), reason: leaveReason(address.reason) })),
        ringChanged:
          leavers.some(({ reason }) => reason === REASON_NODE_DOWN) ||
          joiners.some(({ reason }) => reason === REASON_NODE_UP),
      });
    }),
    ring: guarded((_handle, ring) => {
      listener.ring(ringIdOf(ring));
    }),
  });

  let connection: { readonly handle: bigint | number; readonly poller: Poller } | undefined;

  function dispatch(handle: bigint | number): void {
    const code = library.cpgDispatch(handle, DISPATCH_ALL);
    if (code !== OK && code !== TRY_AGAIN) listener.died(describeError('cpg_dispatch', code));
  }

  return {
    open() {
      const handle: [bigint | number] = [0n];
      const opened = library.cpgInitialize(
        handle,
        MODEL_V1,
        { model: MODEL_V1, ...callbacks, flags: DELIVER_INITIAL_RING },
        null,
      );
      if (opened !== OK) return { error: describeError('cpg_model_initialize', opened) };
      const fail = (call: string, code: number) => {
        library.cpgFinalize(handle[0]);
        return { error: describeError(call, code) };
      };
      const node: [number] = [0];
      const asked = library.cpgLocalNode(handle[0], node);
      if (asked !== OK) return fail('cpg_local_get', asked);
      const descriptor: [number] = [-1];
      const got = library.cpgDescriptor(handle[0], descriptor);
      if (got !== OK) return fail('cpg_fd_get', got);
      const joined = library.cpgJoin(handle[0], name);
      if (joined !== OK) return fail('cpg_join', joined);
      connection = {
        handle: handle[0],
        poller: pollDescriptor(descriptor[0], () => dispatch(handle[0])),
      };
      return { node: node[0] };
    },
    multicast(frame) {
      if (connection === undefined) return TRY_AGAIN;
      const vectors = [{ base: frame, length: frame.length }];
      return library.cpgMulticast(connection.handle, GUARANTEE_AGREED, vectors, vectors.length);
    },
    close(leave) {
      if (connection === undefined) return;
      connection.poller.stop();
      if (leave) library.cpgLeave(connection.handle, name);
      library.cpgFinalize(connection.handle);
      connection = undefined;
    },
    release() {
      for (const callback of Object.values(callbacks)) koffi.unregister(callback);
    },
  };
}
