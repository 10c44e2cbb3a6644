import { invariant, milliseconds } from '../../model/index.ts';
import type { Failure, Milliseconds } from '../../model/index.ts';
import type { Clock, HealthSource, Log } from '../../ports/index.ts';
import { loadCmapLibrary } from './cmap-library.ts';
import { createLinkWatch, type LinkPeer } from './link-watch.ts';
import { createStallWatch } from './stall-watch.ts';
import { createStatistics } from './statistics.ts';

export interface CorosyncHealthOptions {
  /** The other nodes and their addresses on Corosync's links; asked at every connection. */
  readonly peers: () => readonly LinkPeer[];
  readonly token: () => Milliseconds;
  readonly clock: Clock;
  readonly log: Log;
  /** Between attempts to reach Corosync. */
  readonly retry?: Milliseconds;
}

const STALL_MOMENT = 'stats.schedmiss.0.timestamp';
const STALL_LENGTH = 'stats.schedmiss.0.delay';
const linkKey = (node: number, link: number): string => `stats.knet.node${node}.link${link}.connected`;

/** What Corosync knows of its links and of itself, as notices. Corosync may come and go. */
export function createCorosyncHealth(options: CorosyncHealthOptions): HealthSource {
  const { peers, token, log, retry = milliseconds(1000) } = options;
  const { clock, cancelAll } = withCancelAll(options.clock);
  let tell: (key: string, failure: Failure | undefined) => void = () => undefined;
  let phase: 'created' | 'running' | 'closed' = 'created';
  let retrying: { cancel(): void } | undefined;
  const report = (key: string, found: Failure | undefined): void => {
    if (phase === 'running') tell(key, found);
  };
  const links = createLinkWatch({ peers, clock, tell: report });
  const stalls = createStallWatch({ token, clock, tell: report });
  let linkOf = new Map<string, readonly [node: number, link: number]>();

  const statistics = createStatistics(loadCmapLibrary(), {
    changed(key, value) {
      if (key === STALL_MOMENT) stalls.moment(value);
      if (key === STALL_LENGTH) stalls.length(value);
      const link = linkOf.get(key);
      if (link !== undefined) links.changed(...link, value === undefined ? undefined : value !== 0);
    },
    died() {
      // The transport says so; here it is only the end of what is known.
      statistics.close();
      links.forget();
      stalls.forget();
      again();
    },
  });

  function connect(): void {
    retrying = undefined;
    linkOf = new Map(
      peers().flatMap(({ id, addresses }) =>
        addresses.map((_, link) => [linkKey(id, link), [id, link]] as const),
      ),
    );
    const refused = statistics.open([STALL_MOMENT, STALL_LENGTH, ...linkOf.keys()]);
    if (refused !== undefined) again();
    else log.info('corosync', `watches ${linkOf.size} links`);
  }

  function again(): void {
    retrying?.cancel();
    retrying = clock.after(retry, connect);
  }

  return {
    start(given) {
      invariant(phase === 'created', 'a health source is started once');
      phase = 'running';
      tell = given;
      retrying = clock.after(milliseconds(0), connect);
    },
    close() {
      if (phase === 'closed') return;
      phase = 'closed';
      cancelAll();
      statistics.close();
      statistics.release();
    },
  };
}

/** A clock whose timers all end at once: what is closed holds no process up. */
function withCancelAll(clock: Clock): { readonly clock: Clock; readonly cancelAll: () => void } {
  const pending = new Set<{ cancel(): void }>();
  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after(delay, fired) {
        const timer = clock.after(delay, () => {
          pending.delete(own);
          fired();
        });
        const own = {
          cancel: () => {
            pending.delete(own);
            timer.cancel();
          },
        };
        pending.add(own);
        return own;
      },
    },
    cancelAll: () => {
      for (const timer of [...pending]) timer.cancel();
    },
  };
}
