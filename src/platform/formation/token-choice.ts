import { milliseconds, type Milliseconds } from '../../model/index.ts';

/** What was measured of a node and its network, over some seconds. Fractions of milliseconds count. */
export interface Measured {
  /** The longest answer of the other nodes over the cluster network; undefined: nobody answered. */
  readonly roundTrip: Milliseconds | undefined;
  /** The longest that a program which wanted to run was kept waiting. */
  readonly stall: Milliseconds;
}

export interface TokenChoice {
  readonly token: Milliseconds;
  /** For people: what was measured, and which of it decided. */
  readonly reason: string;
}

/**
 * Corosync takes a node for dead when its token stays away for this long; the node is then fenced. Too short, and
 * hiccups become fencings; too long, and so does every failover. So the token is the longest of:
 *
 * - 1000 ms. Corosync's other timers (join 50, merge 200, hold) are made for it, and everything below it gains less
 *   than the fencing itself takes.
 * - 1500 ms with several links. knet needs 0.3 to 0.6 s to see that a link is gone, and 1.1 s where the link came up
 *   only just before, as one that flaps does; the token that was lost with it is sent again up to a quarter of its time
 *   later. Of seven cuts soon after the link was up, six cost the node with 1000 and none did with 1500.
 * - 40 of the longest round trip. Corosync sends the token again four times before it gives up, and ten rounds fit
 *   between two of these: a network that is ten times as slow as it was measured still passes.
 * - 4 of the longest stall. Some seconds do not show the worst; Corosync itself warns from 0.8 of the token on. What is
 *   measured is an ordinary program, and Corosync runs with real-time priority, so this is on the safe side.
 *
 * It is rounded up to 100 ms and at most 10 s: a node that stalls longer than 2.5 s should be mended, not waited for.
 */
const SHORTEST = 1000;
const SHORTEST_WITH_LINKS = 1500;
const ROUND_TRIPS = 40;
const STALLS = 4;
const LONGEST = 10_000;
const STEP = 100;

const tenths = (value: number): string => (Math.round(value * 10) / 10).toString();

export function chooseToken(links: number, { roundTrip, stall }: Measured): TokenChoice {
  const least = links > 1 ? SHORTEST_WITH_LINKS : SHORTEST;
  const wishes = [
    { wish: least, why: links > 1 ? 'the least with several links' : 'the least' },
    { wish: ROUND_TRIPS * (roundTrip ?? 0), why: `${ROUND_TRIPS} times the longest round trip` },
    { wish: STALLS * stall, why: `${STALLS} times the longest wait` },
  ];
  const longest = wishes.reduce((one, other) => (other.wish > one.wish ? other : one));
  const rounded = Math.ceil(longest.wish / STEP) * STEP;
  const token = milliseconds(Math.min(LONGEST, rounded));
  const bound = rounded > LONGEST ? `the most, ${longest.why} would be ${rounded} ms` : longest.why;
  const network =
    roundTrip === undefined
      ? 'no other node answered on the cluster network'
      : `the longest round trip on the cluster network was ${tenths(roundTrip)} ms`;
  return {
    token,
    reason: `${bound}; ${network}, the longest that a program had to wait on this node was ${tenths(stall)} ms`,
  };
}
