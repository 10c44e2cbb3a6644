import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds, type Milliseconds } from '../../model/index.ts';
import type { Measured } from './token-choice.ts';

export interface MeasureOptions {
  /** This node's address on the cluster network. */
  readonly from: string;
  /** The other nodes' addresses there. */
  readonly to: readonly string[];
  /** Milliseconds; the default is 2500. */
  readonly duration?: number;
}

const DURATION = 2500;
/** Of the API; whether anything listens makes no difference. */
const PORT = 8443;
const BETWEEN = 50;
/** A round trip that takes longer than this is an answer that did not come. */
const LIMIT = 1000;
const NAP = 5;

/**
 * Measures for a few seconds: how long the other nodes take to answer, and how long this process is kept waiting
 * after it wanted to go on. Does not fail; what cannot be measured is left out.
 */
export async function measure({ from, to, duration = DURATION }: MeasureOptions): Promise<Measured> {
  const until = performance.now() + duration;
  const [stall, ...roundTrips] = await Promise.all([
    longestStall(until),
    ...to.map((address) => longestRoundTrip(from, address, until)),
  ]);
  const answered = roundTrips.filter((roundTrip) => roundTrip !== undefined);
  return { stall, roundTrip: answered.length === 0 ? undefined : milliseconds(Math.max(...answered)) };
}

async function longestStall(until: number): Promise<Milliseconds> {
  let longest = 0;
  for (let before = performance.now(); before < until; before = performance.now()) {
    await delay(NAP);
    longest = Math.max(longest, performance.now() - before - NAP);
  }
  return milliseconds(longest);
}

async function longestRoundTrip(from: string, to: string, until: number): Promise<Milliseconds | undefined> {
  let longest: number | undefined;
  while (performance.now() < until) {
    const taken = await roundTrip(from, to);
    // Nobody is there: the rest of the time would show nothing else.
    if (taken === undefined && longest === undefined) return undefined;
    // An answer that was lost on the way is the longest of all.
    longest = Math.max(longest ?? 0, taken ?? LIMIT);
    await delay(BETWEEN);
  }
  return longest === undefined ? undefined : milliseconds(longest);
}

/** Either kernel answers to the first packet of a connection at once, with yes or with no: no program has part in it. */
function roundTrip(from: string, to: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const before = performance.now();
    const socket = connect({ host: to, port: PORT, localAddress: from });
    const done = (taken: number | undefined): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(LIMIT, () => done(undefined));
    socket.once('connect', () => done(performance.now() - before));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? performance.now() - before : undefined),
    );
  });
}
