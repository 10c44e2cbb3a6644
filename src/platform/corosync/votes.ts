import { koffi } from '../foreign.ts';
import { describeError, OK } from './errors.ts';

/** What votequorum says of this node and its witness (corosync-qdevice). */
export interface Votes {
  readonly quorate: boolean;
  /** All that there are to be, the witness's own included. */
  readonly expected: number;
  /** Of two nodes one has quorum alone. */
  readonly isTwoNode: boolean;
  /** corosync-qdevice runs here and has told Corosync so. */
  readonly isRegistered: boolean;
  /** The witness's vote counts for this node's side. */
  readonly isVoting: boolean;
}

/** A connection to votequorum, for questions. */
export interface VotesConnection {
  /**
   * Votequorum speaks up only when quorum changes, and a lost witness changes nothing at first: so it has to be asked.
   * This happens in a thread, because a Corosync that is stopped does not answer; one question at a time.
   */
  ask(answered: (votes: Votes | { readonly error: string }) => void): void;
  close(): void;
}

type Handle = bigint | number;
type Out<T> = [T];

interface VotesLibrary {
  readonly initialize: (handle: Out<Handle>, callbacks: null) => number;
  readonly finalize: (handle: Handle) => number;
  readonly information: {
    readonly async: (
      handle: Handle,
      node: number,
      information: Uint8Array,
      done: (error: Error | null, code: number) => void,
    ) => void;
  };
}

/** `struct votequorum_info` of corosync 3.1 and where its parts are. */
const INFORMATION_SIZE = 292;
const EXPECTED_AT = 12;
const FLAGS_AT = 28;
const TWO_NODE = 1;
const QUORATE = 2;
const REGISTERED = 64;
const CASTS_VOTE = 256;

let loaded: VotesLibrary | undefined;

function load(): VotesLibrary {
  const library = koffi.load('libvotequorum.so.8');
  return {
    initialize: library.func('votequorum_initialize', 'int', [
      koffi.out(koffi.pointer('uint64_t')),
      'void *',
    ]),
    finalize: library.func('votequorum_finalize', 'int', ['uint64_t']),
    information: library.func('votequorum_getinfo', 'int', ['uint64_t', 'uint', 'void *']),
  };
}

/** For the node with this id, which is this one. Throws where libvotequorum is not installed. */
export function connectVotes(node: number): VotesConnection | { readonly error: string } {
  loaded ??= load();
  const library = loaded;
  const handle: [Handle] = [0n];
  const opened = library.initialize(handle, null);
  if (opened !== OK) return { error: describeError('votequorum_initialize', opened) };
  let isAsking = false;
  let isClosed = false;

  return {
    ask(answered) {
      if (isAsking || isClosed) return;
      isAsking = true;
      const information = Buffer.alloc(INFORMATION_SIZE);
      library.information.async(handle[0], node, information, (error, code) => {
        isAsking = false;
        if (isClosed) {
          library.finalize(handle[0]);
          return;
        }
        if (error !== null) answered({ error: error.message });
        else if (code !== OK) answered({ error: describeError('votequorum_getinfo', code) });
        else answered(votesIn(information));
      });
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      // While a question is under way, its end does it.
      if (!isAsking) library.finalize(handle[0]);
    },
  };
}

function votesIn(information: Buffer): Votes {
  const flags = information.readUInt32LE(FLAGS_AT);
  return {
    quorate: (flags & QUORATE) !== 0,
    expected: information.readUInt32LE(EXPECTED_AT),
    isTwoNode: (flags & TWO_NODE) !== 0,
    isRegistered: (flags & REGISTERED) !== 0,
    isVoting: (flags & CASTS_VOTE) !== 0,
  };
}
