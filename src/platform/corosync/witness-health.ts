import { failure, invariant, milliseconds, type Failure } from '../../model/index.ts';
import type { Clock, HealthSource } from '../../ports/index.ts';
import { connectVotes, type Votes, type VotesConnection } from './votes.ts';

export interface WitnessHealthOptions {
  /** The address of the witness; undefined where the cluster has none. */
  readonly witness: () => string | undefined;
  /** This node's id in Corosync. */
  readonly node: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly connect?: (node: number) => VotesConnection | { readonly error: string };
}

export interface WitnessHealth extends HealthSource {
  /** Whether the witness's vote counts for this node's side, as it was last; undefined where it is not known. */
  votes(): boolean | undefined;
}

const INTERVAL = milliseconds(5000);
/** Times in a row that the vote must be missing: a start takes some seconds, and so does a change of membership. */
const MISSING_TIMES = 4;
const KEY = 'corosync-witness';

/** Tells when the witness does not vote although this node has quorum: the next loss of a node would end it. */
export function createWitnessHealth(options: WitnessHealthOptions): WitnessHealth {
  const { witness, node, clock, connect = connectVotes } = options;
  let connection: VotesConnection | undefined;
  let timer: { cancel(): void } | undefined;
  let tell: ((key: string, failure: Failure | undefined) => void) | undefined;
  let missing = 0;
  let told: string | undefined;
  let voting: boolean | undefined;

  /** Every word wakes the engine: only what is new is said. */
  function say(found: Failure | undefined): void {
    if (found?.message === told) return;
    told = found?.message;
    tell?.(KEY, found);
  }

  function look(): void {
    timer = clock.after(INTERVAL, look);
    const address = witness();
    if (address === undefined) {
      missing = 0;
      voting = undefined;
      say(undefined);
      return;
    }
    if (connection === undefined) {
      const opened = connect(node);
      // No Corosync: the transport says so.
      if ('error' in opened) return;
      connection = opened;
    }
    connection.ask((answer) => heard(address, answer));
  }

  function heard(address: string, answer: Votes | { readonly error: string }): void {
    if ('error' in answer) {
      connection?.close();
      connection = undefined;
      missing = 0;
      voting = undefined;
      return;
    }
    voting = answer.isVoting;
    // Without quorum the witness votes for the other side, or nobody does: the lost quorum is told already.
    missing = answer.quorate && !answer.isVoting ? missing + 1 : 0;
    if (missing === 0) say(undefined);
    else if (missing >= MISSING_TIMES) say(silent(address, answer));
  }

  return {
    votes: () => voting,
    start(given) {
      invariant(tell === undefined && timer === undefined, 'a health source is started once');
      tell = given;
      timer = clock.after(INTERVAL, look);
    },
    close() {
      timer?.cancel();
      tell = () => undefined;
      connection?.close();
      connection = undefined;
    },
  };
}

function silent(address: string, { isRegistered }: Votes): Failure {
  const why = isRegistered
    ? 'it cannot be reached, or refuses'
    : 'corosync-qdevice does not run on this node';
  return failure(
    'witness_unreachable',
    `the witness ${address} does not vote: ${why}. While this lasts, the loss of the other node or of the network between them ends quorum`,
  );
}
