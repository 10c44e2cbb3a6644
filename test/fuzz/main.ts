import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { difference } from '../judge/difference.ts';
import { check, type Checked } from './check.ts';
import type { FuzzedCluster } from './cluster.ts';
import { generate } from './generate.ts';
import { isInstalled, Simulator } from './reference.ts';
import { shrink } from './shrink.ts';
import { story } from './story.ts';

/** Of a disagreement that is only mentioned. */
const MOST_LINES = 6;

const HELP = `npm run fuzz:scheduler -- [--count N] [--seed S] [--keep-going] [--cib]

Makes up N clusters with a history each (default 500), asks Debian's crm_simulate and Keelson's scheduler about every
step of it, and compares summary, actions, edges and scores. The first disagreement is made as small as possible and
told; with --keep-going only its seed and first lines are, and the run goes on. Needs the Debian package pacemaker-cli-utils.`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    seed: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    cib: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const count = Number(values.count);
const first = values.seed === undefined ? Math.floor(Math.random() * 0x1_0000_0000) : Number(values.seed);

if (values.help) console.log(HELP);
else if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first)) {
  console.error('fuzz: --count and --seed are whole numbers');
  process.exitCode = 2;
} else if (!(await isInstalled())) {
  console.error(
    'fuzz: crm_simulate is missing; next: apt-get install --no-install-recommends pacemaker-cli-utils',
  );
  process.exitCode = 1;
} else process.exitCode = await fuzz();

async function fuzz(): Promise<number> {
  console.log(`fuzz: seeds ${first} to ${first + count - 1}`);
  const tally = { clusters: 0, asked: 0, stuck: 0, unexplained: 0, crashed: [] as number[] };
  const explained = new Map<string, number>();
  let next = first;
  const work = async (): Promise<void> => {
    const simulator = new Simulator();
    try {
      while (next < first + count && (values['keep-going'] || tally.unexplained === 0)) {
        const cluster = generate(next);
        next += 1;
        const checked = await check(simulator, cluster).catch((error: unknown) => {
          throw new Error(`seed ${cluster.seed} cannot be told`, { cause: error });
        });
        tally.clusters += 1;
        tally.asked += checked.asked;
        tally.stuck += checked.stuck;
        if (checked.crashed > 0) tally.crashed.push(cluster.seed);
        await judge(simulator, cluster, checked, tally, explained);
        if (tally.clusters % 500 === 0) console.log(`fuzz: ${tally.clusters} clusters so far`);
      }
    } finally {
      simulator.close();
    }
  };
  // Half of the time is crm_simulate's, in a process of its own.
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const [name, times] of explained) console.log(`fuzz: ${times} times deliberately: ${name}`);
  console.log(
    `fuzz: ${tally.asked} questions asked; ${tally.stuck} of crm_simulate's transitions cannot be carried out to their end`,
  );
  if (tally.crashed.length > 0)
    console.log(
      `fuzz: crm_simulate fails on an assertion of its own, or gives no answer, in ${tally.crashed.length} clusters: ${tally.crashed.join(' ')}`,
    );
  console.log(`fuzz: ${tally.clusters} clusters, ${tally.unexplained} unexplained`);
  return tally.unexplained === 0 ? 0 : 1;
}

async function judge(
  simulator: Simulator,
  cluster: FuzzedCluster,
  { disagreement }: Checked,
  tally: { unexplained: number },
  explained: Map<string, number>,
): Promise<void> {
  if (disagreement === undefined) return;
  if (disagreement.explanation !== undefined) {
    explained.set(disagreement.explanation, (explained.get(disagreement.explanation) ?? 0) + 1);
    return;
  }
  tally.unexplained += 1;
  const kinds = new Set(disagreement.comparisons.map(({ kind }) => kind));
  if (values['keep-going']) {
    console.log(`fuzz: seed ${cluster.seed} step ${disagreement.step}: ${[...kinds].join(', ')}`);
    const [{ expected, actual } = { expected: [], actual: [] }] = disagreement.comparisons;
    const lines = difference(expected, actual).filter((line) => !line.startsWith('  '));
    for (const line of lines.slice(0, MOST_LINES)) console.log(`        ${line}`);
    return;
  }
  const unexplainedIn = async (candidate: FuzzedCluster) => {
    const found = (await check(simulator, candidate)).disagreement;
    return found?.explanation === undefined ? found : undefined;
  };
  // The same kind of disagreement, so that it does not turn into another one on the way.
  const smallest = await shrink(cluster, async (candidate) => {
    const found = await unexplainedIn(candidate).catch(() => undefined);
    return found?.comparisons.some(({ kind }) => kinds.has(kind)) ?? false;
  });
  const found = (await unexplainedIn(smallest)) ?? disagreement;
  console.log(story(smallest, found));
  if (values.cib) console.log(found.test.definition);
}
