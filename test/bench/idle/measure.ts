import { setTimeout as delay } from 'node:timers/promises';
import type { StatusView } from '../../../src/model/index.ts';
import { startNodes } from '../../cluster/nodes.ts';
import { clusterWith } from './cluster.ts';
import { startEngine, type Programs, type RunningEngine } from './engine.ts';

/** One engine at rest. */
export interface Idle {
  readonly luns: number;
  readonly role: 'serves' | 'stands by';
  /** Of one core, in percent. */
  readonly cpu: number;
  /** MiB held: resident, and resident less what others share. */
  readonly rss: number;
  readonly pss: number;
  /** MiB: the most it held since its start. */
  readonly peak: number;
}

const MEBIBYTE = 1024;
/** Milliseconds until all LUNs must be served, and from then until what a start leaves behind is done. */
const REST_WITHIN = 60_000;
const SETTLE = 30_000;
const LOOK_AGAIN = 1000;

/** Two real nodes with `luns` LUNs, and what their engines take in `duration` milliseconds while nothing happens. */
export async function measureIdle(
  luns: number,
  duration: number,
  programs: Programs,
): Promise<readonly Idle[]> {
  const config = clusterWith(luns);
  const cluster = await startNodes(2);
  try {
    const engines = await Promise.all(cluster.nodes.map((node) => startEngine(node, config, programs)));
    const status = await atRest(engines, luns);
    const server = status.pools[0]?.primary;
    await delay(SETTLE);
    const before = await Promise.all(engines.map((engine) => engine.cost()));
    const begun = performance.now();
    await delay(duration);
    const after = await Promise.all(engines.map((engine) => engine.cost()));
    const took = performance.now() - begun;
    return engines.map(({ node }, index) => {
      const [first, last] = [before[index], after[index]];
      if (first === undefined || last === undefined) throw new Error(`${node.name} was not measured`);
      return {
        luns,
        role: node.name === server ? 'serves' : 'stands by',
        cpu: ((last.cpu - first.cpu) / took) * 100,
        rss: last.rss / MEBIBYTE,
        pss: last.pss / MEBIBYTE,
        peak: last.peak / MEBIBYTE,
      };
    });
  } finally {
    await cluster.close();
  }
}

/** Waits until both are synchronised and every LUN is served. */
async function atRest(engines: readonly RunningEngine[], luns: number): Promise<StatusView> {
  const until = performance.now() + REST_WITHIN;
  for (;;) {
    const states = await Promise.all(engines.map((engine) => engine.status()));
    const status = states[0];
    const isAtRest = states.every(
      (each) => each !== undefined && each.synchronised && each.problems.length === 0 && each.serving,
    );
    if (isAtRest && status !== undefined) {
      if (status.luns.length !== luns) throw new Error(`${status.luns.length} LUNs instead of ${luns}`);
      return status;
    }
    if (performance.now() > until) throw new Error(`it does not come to rest: ${account(engines, status)}`);
    await delay(LOOK_AGAIN);
  }
}

const account = (engines: readonly RunningEngine[], status: StatusView | undefined): string =>
  [
    JSON.stringify({ problems: status?.problems.slice(0, 5), blocked: status?.blocked.slice(0, 5) }),
    ...engines.flatMap(({ node, log }) => [`${node.name} logged:`, ...log.slice(-30)]),
  ].join('\n');
