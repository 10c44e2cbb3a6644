import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestKind } from '../../../src/model/index.ts';
import { startBoard, type Board } from '../../fencing/peers/management-board.ts';
import { deviceAddressOf } from './configuration.ts';
import { startEngines, type EngineCluster } from './engine-cluster.ts';
import { keelsondLog, stateFolder } from './node-programs.ts';
import { wireTo } from './power-switch.ts';
import { BOARD_PORT, MANAGEMENT, markers, withSecrets } from './secrets/devices.ts';
import { filesWith, openFiles, watchProcesses, wordsIn } from './secrets/watch.ts';
import { mirrorOf } from './story.ts';
import { until } from './wait.ts';

const words = Object.values(markers);
let cluster: EngineCluster | undefined;
let boards: Board[] = [];
let children: ChildProcess[] = [];
let processes: ReturnType<typeof watchProcesses>;

beforeEach(() => {
  processes = watchProcesses(words);
});

afterEach(async () => {
  await processes.stop();
  for (const child of children) child.kill();
  children = [];
  await cluster?.close();
  await Promise.all(boards.map((board) => board.stop()));
  boards = [];
  cluster = undefined;
});

test('while devices are asked and a node is fenced, no secret is in a command line, a log, an answer or an open file', async () => {
  cluster = await startEngines(2, {
    links: 2,
    config: withSecrets,
    agents: join(import.meta.dirname, 'secrets', 'serve-agents.ts'),
  });
  for (const { machine } of cluster.nodes) {
    const host = await cluster.station(machine.id, MANAGEMENT);
    const wire = wireTo(cluster.powerSocket, deviceAddressOf(machine.id));
    boards.push(await startBoard({ host, port: BOARD_PORT, password: markers.board, wire }));
  }
  await cluster.well();
  const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
  const devices = async () =>
    (await serving.request('nodes', {})).ok
      ? ((await cluster?.status(serving))?.nodes.flatMap(({ fenceDevices }) => fenceDevices) ?? [])
      : [];
  await until('every device was asked', async () => {
    const unknown = (await devices()).filter(({ state }) => state === 'unknown');
    return unknown.length === 0 ? undefined : unknown.map(({ name }) => name).join();
  });
  await mirror.machine.cut(0);
  const isFenced = async (): Promise<string | undefined> => {
    const told = await serving.request('fence.history', {});
    if (told.ok && told.value.some(({ node }) => node === mirror.name)) return undefined;
    return JSON.stringify([told, await devices()]);
  };
  await until(`${mirror.name} is fenced by its board`, isFenced);

  const asked: RequestKind[] = [
    'status',
    'nodes',
    'document',
    'luns',
    'resources',
    'config',
    'config.history',
  ];
  for (const kind of [...asked, 'fence.history', 'config.lost'] as const) {
    const answer = await serving.request(kind, {});
    expect(answer, kind).toMatchObject({ ok: true });
    expect(wordsIn(JSON.stringify(answer), words), `the answer to ${kind}`).toEqual([]);
  }
  const difference = await serving.request('config.diff', { from: 1 });
  expect(wordsIn(JSON.stringify(difference), words), 'the answer to config.diff').toEqual([]);
  for (const { machine, name } of cluster.nodes) {
    const log = readFileSync(keelsondLog(machine.folder), 'utf8');
    expect(log.length, `${name} has a log`).toBeGreaterThan(100);
    expect(wordsIn(log, words), `the log of ${name}`).toEqual([]);
    expect(filesWith(stateFolder(machine.folder), words), `${name} holds the configuration`).toBeGreaterThan(
      0,
    );
    expect(openFiles(stateFolder(machine.folder), words)).toEqual([]);
  }
  expect(await processes.seen()).toEqual([]);
});

test('a secret in a command line would have been seen', async () => {
  // Each lives until it is killed: the secret is an option's value, a word of its own, and a part of another.
  const script = 'setInterval(() => {}, 1000)';
  const secrets = [
    `--password=${markers.board}`,
    markers.community,
    `https://root:${markers.hypervisor}@pdu/`,
  ];
  children = secrets.map((each) => spawn(process.execPath, ['-e', script, '--', each]));
  await until('all are seen', async () => {
    const lines = await processes.seen();
    const missing = secrets.filter((each) => !lines.some((line) => line.includes(each)));
    return missing.length === 0 ? undefined : missing.join();
  });
});
