/**
 * Program: engines are killed, or the power of all nodes is cut at once, while changes are being acknowledged. In
 * namespaces the page cache survives a power cut: what this proves of the disk is the order of writing and
 * acknowledging, not the flushing; that is for the lab.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { wholeNumber } from '../../../appliance/trial/whole-number.ts';
import { startEngines, type EngineCluster } from './engine-cluster.ts';
import { startLoad, type Load } from './load.ts';
import { createLun } from './luns.ts';
import { until } from './wait.ts';

/** Milliseconds between the engine's return and its next death, at random below. */
const LONGEST_LIFE = 1500;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Tally {
  acknowledged: number;
  touched: number;
  lost: number;
}

async function demandNothingLost(load: Load, tally: Tally): Promise<void> {
  const lost = await load.lost();
  tally.lost += lost.length;
  for (const line of lost) say(`LOST: ${line}`);
}

/** What was there before the load, and that nobody asked to change. */
function touchedOf(cluster: EngineCluster, began: number, lun: string): readonly string[] {
  return cluster
    .touchedSince(began)
    .flatMap((entry) => (entry.kind === 'touched' ? [`${entry.operation} ${entry.resource}`] : []))
    .filter((what) => !what.includes('lio-lun') || what.endsWith(` ${lun}`));
}

async function killEngines(cluster: EngineCluster, tally: Tally, kills: number): Promise<void> {
  const serving = await cluster.serving();
  const { name } = await createLun(serving);
  await cluster.well();
  const began = cluster.now();
  const load = startLoad(cluster);
  for (let kill = 1; kill <= kills; kill += 1) {
    await delay(randomInt(LONGEST_LIFE));
    const starts = serving.engineStarts();
    await serving.signal('engine', 'SIGKILL');
    await demandNothingLost(load, tally);
    const before = load.acknowledged();
    await until('an engine that is synchronised again', async () => {
      if (serving.engineStarts() === starts) return 'no new engine';
      return (await cluster.status(serving))?.synchronised === true ? undefined : 'not synchronised';
    });
    await until('a change that is acknowledged again', () =>
      load.acknowledged() > before ? undefined : 'none',
    );
    if (kill % 10 === 0) say(`${kill} kills, ${load.acknowledged()} changes acknowledged`);
  }
  await load.stop();
  await demandNothingLost(load, tally);
  await cluster.well();
  await demandNothingLost(load, tally);
  const touched = touchedOf(cluster, began, name);
  for (const line of touched.slice(0, 20)) say(`TOUCHED: ${line}`);
  tally.touched += touched.length;
  tally.acknowledged += load.acknowledged();
}

async function cutPower(cluster: EngineCluster, tally: Tally, cuts: number): Promise<void> {
  for (let cut = 1; cut <= cuts; cut += 1) {
    const load = startLoad(cluster);
    const wanted = randomInt(5, 40);
    await until('changes to be acknowledged', () => (load.acknowledged() >= wanted ? undefined : 'too few'));
    await delay(randomInt(100));
    await Promise.all(cluster.nodes.map((node) => node.powerOff()));
    await load.stop();
    await demandNothingLost(load, tally);
    await Promise.all(cluster.nodes.map((node) => node.powerOn()));
    await cluster.well();
    await demandNothingLost(load, tally);
    tally.acknowledged += load.acknowledged();
    say(`cut ${cut}: ${load.acknowledged()} changes acknowledged before it`);
    await clear(cluster);
  }
}

/** The pool must not become full of what earlier rounds left. */
async function clear(cluster: EngineCluster): Promise<void> {
  const serving = await cluster.serving();
  for (const { name } of (await cluster.status(serving))?.luns ?? [])
    await until(`deleting ${name}`, async () =>
      (await serving.request('lun.delete', { name }, 20)).ok ? undefined : 'refused',
    );
  await cluster.well();
}

interface Wish {
  readonly times?: number;
  readonly doubleCut?: number;
  readonly nodes: number;
}

async function soak({ times, doubleCut: cuts = 0, nodes }: Wish): Promise<number> {
  const kills = times ?? (cuts > 0 ? 0 : 100);
  const tally: Tally = { acknowledged: 0, touched: 0, lost: 0 };
  const cluster = await startEngines(nodes);
  try {
    await cluster.well();
    if (kills > 0) await killEngines(cluster, tally, kills);
    if (cuts > 0) await cutPower(cluster, tally, cuts);
  } catch (error) {
    say(await cluster.account());
    throw error;
  } finally {
    await cluster.close();
  }
  const { acknowledged, touched, lost } = tally;
  say(
    `soak: ${kills} engines killed, ${cuts} times all power cut, ${acknowledged} changes acknowledged, ${touched} resources touched, ${lost} changes lost`,
  );
  return touched + lost > 0 ? 1 : 0;
}

await new Command('npm run soak:engine-kill --')
  .description(
    'Kills engines, or all nodes at once, while changes are acknowledged, and looks for every one. Needs root.',
  )
  .addOption(
    new Option('--times <n>', 'kill the engine of the serving node so often (100)').argParser(wholeNumber),
  )
  .addOption(new Option('--double-cut <n>', 'cut the power of all nodes so often').argParser(wholeNumber))
  .addOption(new Option('--nodes <n>', 'of so many nodes').default(2).argParser(wholeNumber))
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (wish: Wish) => {
    process.exitCode = await soak(wish);
  })
  .parseAsync();
