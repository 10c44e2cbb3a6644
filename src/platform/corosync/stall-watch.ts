import { failure, milliseconds, type Failure, type Milliseconds } from '../../model/index.ts';
import type { Clock } from '../../ports/index.ts';

/** What ended that long ago and did not come again is over. */
const QUIET = milliseconds(10 * 60_000);
/** A node in trouble stalls again and again; more often than this the text is not renewed. */
const PAUSE = milliseconds(60_000);
/** The number and the moment of a stall arrive one after the other. */
const TOGETHER = milliseconds(100);
const KEY = 'corosync-stall';

export interface StallWatch {
  /** When the last stall was noticed (epoch milliseconds), as Corosync says. */
  moment(at: number | undefined): void;
  /** How long the last stall lasted. */
  length(duration: number | undefined): void;
  /** Corosync is gone, and with it its count. What was told ends after the usual while. */
  forget(): void;
}

export interface StallWatchOptions {
  readonly token: () => Milliseconds;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly tell: (key: string, failure: Failure | undefined) => void;
}

/**
 * Corosync notices when it was not given the processor for more than 0.8 of the token, and only logs it. After the
 * whole of the token this node is dead to the others: so it is a fencing that nearly happened.
 */
export function createStallWatch({ token, clock, tell }: StallWatchOptions): StallWatch {
  let last: { readonly at: number; readonly duration: number } | undefined;
  let at: number | undefined;
  let duration: number | undefined;
  let count = 0;
  let longest = 0;
  let gathering = false;
  let quiet: { cancel(): void } | undefined;
  let isPausing = false;
  let isNews = false;

  function say(): void {
    if (last === undefined) return;
    isNews = isPausing;
    if (isPausing) return;
    isPausing = true;
    clock.after(PAUSE, () => {
      isPausing = false;
      if (isNews) say();
    });
    tell(KEY, notScheduled(last, count, longest, token()));
  }

  function over(): void {
    last = undefined;
    isNews = false;
    count = 0;
    longest = 0;
    tell(KEY, undefined);
  }

  function gathered(): void {
    gathering = false;
    if (at === undefined || duration === undefined || at === last?.at) return;
    // It may have been before this engine's start.
    const left = Math.min(QUIET, QUIET - (clock.now() - at));
    if (left <= 0) return;
    last = { at, duration };
    count += 1;
    longest = Math.max(longest, duration);
    quiet?.cancel();
    quiet = clock.after(milliseconds(left), over);
    say();
  }

  function gather(): void {
    if (gathering) return;
    gathering = true;
    clock.after(TOGETHER, gathered);
  }

  return {
    moment(value) {
      at = value;
      gather();
    },
    length(value) {
      duration = value;
      gather();
    },
    forget() {
      at = undefined;
      duration = undefined;
    },
  };
}

function notScheduled(
  last: { readonly at: number; readonly duration: number },
  count: number,
  longest: number,
  token: Milliseconds,
): Failure {
  const again = count === 1 ? '' : `, ${count} times in a short while, up to ${Math.round(longest)} ms`;
  const share = Math.round((100 * longest) / token);
  return failure(
    'not_scheduled',
    `Corosync was not given the processor for ${Math.round(last.duration)} ms at ${new Date(last.at).toISOString()}${again}: ${share} % of the token of ${token} ms, after which the others take this node for dead and fence it`,
  );
}
