/** Program: `npm run bench:steps`; see HELP. */
import { parseArgs } from 'node:util';
import type { InstanceStatus } from '../../../src/model/index.ts';
import { clusterWith } from './cluster.ts';
import { Pair, type Half } from './pair.ts';

const HELP = `npm run bench:steps -- [--luns N,N] [--detail]

What the steps of the engine cost with 500 and with 2,000 LUNs: two engines in this process, with messages and agents
that answer at once. 'idle': milliseconds of CPU in 60 s at rest, on the node that serves. 'failover': from the loss of
that node until the other one has started everything, with its plans; agents, fencing and Corosync take no time here.
'largest': the longest message in KiB. --detail: by kind of input. What grows no more than the LUNs has a ratio of 4.`;

const MINUTE = 60_000;

const { values } = parseArgs({
  options: {
    luns: { type: 'string', default: '500,2000' },
    detail: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const counts = values.luns.split(',').map(Number);

interface Row {
  readonly count: number;
  readonly idle: number;
  readonly failover: number;
  readonly largest: number;
}

function measure(count: number): Row {
  const pair = new Pair(clusterWith(count));
  pair.begin();
  pair.pass(MINUTE);
  forget(pair);
  pair.pass(MINUTE);
  const server = pair.halves.find((half) => running(half) >= count);
  const other = pair.halves.find((half) => half !== server);
  if (server === undefined || other === undefined) throw new Error('the LUNs are served by no node');
  const idle = spent(server);
  detail(`${count} LUNs, idle`, server);
  forget(pair);
  pair.lose(server);
  pair.pass(MINUTE);
  if (running(other) < count) throw new Error(`${other.name} runs only ${running(other)} resources`);
  detail(`${count} LUNs, failover`, other);
  return { count, idle, failover: spent(other), largest: pair.largestMessage / 1024 };
}

const isRunning = ({ observation }: InstanceStatus): boolean =>
  observation !== 'unknown' && observation.state === 'running';

const running = ({ name, state }: Half): number =>
  Object.entries(state.status.nodes[name]?.instances ?? {}).filter(
    ([resource, instance]) => resource.startsWith('lun-') && isRunning(instance),
  ).length;

function forget(pair: Pair): void {
  for (const half of pair.halves) half.spent.clear();
}

const spent = (half: Half): number => [...half.spent.values()].reduce((sum, { total }) => sum + total, 0);

function detail(title: string, half: Half): void {
  if (!values.detail) return;
  console.log(`${title}, on ${half.name}:`);
  for (const [kind, { steps, total, worst }] of half.spent)
    console.log(
      `${total.toFixed(1).padStart(9)} ms in ${String(steps).padStart(4)} steps, worst ${worst.toFixed(1)} ms: ${kind}`,
    );
}

if (values.help) console.log(HELP);
else if (counts.length !== 2 || counts.some((count) => !Number.isSafeInteger(count) || count < 1)) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  // Not counted: what is compiled on the way.
  measure(counts[0] ?? 0);
  const rows = counts.map(measure);
  console.log('  LUNs    idle ms  failover ms  largest KiB');
  for (const { count, idle, failover, largest } of rows)
    console.log(
      `${String(count).padStart(6)} ${idle.toFixed(1).padStart(10)} ${failover.toFixed(0).padStart(12)} ${largest.toFixed(0).padStart(12)}`,
    );
  const [few, many] = rows;
  if (few !== undefined && many !== undefined)
    console.log(
      `steps: a failover of ${few.count} LUNs takes ${few.failover.toFixed(0)} ms of the engine, of ${many.count} ${(many.failover / few.failover).toFixed(1)} times as much`,
    );
}
