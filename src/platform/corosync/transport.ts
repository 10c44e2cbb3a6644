import { invariant, milliseconds } from '../../model/index.ts';
import type { Milliseconds } from '../../model/index.ts';
import type { Log, Transport, TransportEvent } from '../../ports/index.ts';
import { createCpg } from './cpg.ts';
import type { Process } from './cpg.ts';
import { createEventQueue } from './event-queue.ts';
import { createAssembler, splitMessage } from './frames.ts';
import type { Assembler } from './frames.ts';
import { loadLibrary } from './library.ts';
import { createOutbox } from './outbox.ts';
import { createQuorum } from './quorum.ts';
import { createRingGate } from './ring-gate.ts';
import type { RingGate } from './ring-gate.ts';

export interface CorosyncTransportOptions {
  /** The process group; engines of one cluster share it. At most 127 bytes. */
  readonly group?: string;
  readonly log: Log;
  /** Between attempts to reach Corosync. */
  readonly retry?: Milliseconds;
}

/** Bytes of frames that may wait for Corosync; beyond, the connection is given up and made anew (`down`, `up`). */
const OUTBOX_LIMIT = 64 * 1024 * 1024;
/** While Corosync stays away for the same reason, say so again only after this many attempts. */
const ATTEMPTS_PER_WARNING = 300;
const COMPONENT = 'corosync';

type Phase = 'created' | 'waiting' | 'connected' | 'closed';

const nameOf = (sender: Process): string => `${sender.node}/${sender.process}`;

/** Throws where Corosync's libraries are not installed. Corosync itself may come and go. */
export function createCorosyncTransport(options: CorosyncTransportOptions): Transport {
  const { log, group = 'keelson', retry = milliseconds(200) } = options;
  const library = loadLibrary();

  let phase: Phase = 'created';
  let listener: (event: TransportEvent) => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let attempts = 0;
  let lastError: string | undefined;
  let messageNumber = 0;
  const events = createEventQueue<TransportEvent>((event) => listener(event));

  // Both know one connection only; a new connection begins with new ones.
  let assembler: Assembler = createAssembler();
  let gate: RingGate = createRingGate((event) => events.push(event));

  const cpg = createCpg(library, group, {
    message(sender, bytes) {
      const assembled = assembler.accept(nameOf(sender), bytes);
      if (assembled.kind === 'message')
        events.push({ kind: 'message', ...sender, payload: assembled.payload });
      else if (assembled.kind === 'dropped') {
        log.warn(COMPONENT, `from node ${sender.node}, process ${sender.process}: ${assembled.reason}`);
      }
    },
    view({ members, joined, left, ringChanged }) {
      if (ringChanged) gate.ringLeft();
      for (const leaver of left) assembler.forget(nameOf(leaver));
      events.push({ kind: 'view', members, joined, left });
    },
    ring(ring) {
      gate.ringReached(ring);
    },
    died: disconnected,
  });
  const quorum = createQuorum(library, {
    nodes(ring, nodes) {
      gate.nodes(ring, nodes);
    },
    quorum(ring, quorate, nodes) {
      gate.quorum(ring, quorate, nodes);
    },
    died: disconnected,
  });
  const outbox = createOutbox({
    send: (frame) => cpg.multicast(frame),
    failed: disconnected,
    limit: OUTBOX_LIMIT,
  });

  function connect(): void {
    timer = undefined;
    attempts += 1;
    assembler = createAssembler();
    gate = createRingGate((event) => events.push(event));
    const refused = quorum.open();
    const opened = refused ?? cpg.open();
    if ('error' in opened) {
      quorum.close();
      waitForCorosync(opened.error);
      return;
    }
    phase = 'connected';
    attempts = 0;
    lastError = undefined;
    log.info(COMPONENT, `connected as node ${opened.node}`);
    // First in the queue: nothing was dispatched yet.
    events.push({ kind: 'up', self: opened.node });
  }

  function waitForCorosync(error: string): void {
    if (error !== lastError || attempts % ATTEMPTS_PER_WARNING === 0) {
      log.warn(COMPONENT, `not reachable, trying on: ${error}`);
    }
    lastError = error;
    phase = 'waiting';
    timer = setTimeout(connect, retry);
  }

  function disconnected(reason: string): void {
    // Both connections die together, each says so.
    if (phase !== 'connected') return;
    disconnect(false);
    log.warn(COMPONENT, `connection lost: ${reason}`);
    events.push({ kind: 'down', reason });
    phase = 'waiting';
    timer = setTimeout(connect, retry);
  }

  function disconnect(leave: boolean): void {
    outbox.clear();
    cpg.close(leave);
    quorum.close();
  }

  return {
    start(given) {
      invariant(phase === 'created', 'a transport is started once');
      listener = given;
      phase = 'waiting';
      timer = setTimeout(connect, 0);
    },
    multicast(payload) {
      if (phase !== 'connected') return;
      messageNumber += 1;
      outbox.push(splitMessage(payload, messageNumber));
    },
    close() {
      if (phase === 'closed') return;
      phase = 'closed';
      clearTimeout(timer);
      events.close();
      disconnect(true);
      cpg.release();
      quorum.release();
    },
  };
}
