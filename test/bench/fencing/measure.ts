import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { milliseconds, seconds, type ClusterConfig, type EventRecord } from '../../../src/model/index.ts';
import { createEngineGateway } from '../../../src/platform/socket/gateway.ts';
import { deviceAddressOf } from '../../cluster/engine/configuration.ts';
import { startEngines, type EngineCluster } from '../../cluster/engine/engine-cluster.ts';
import type { EngineNode } from '../../cluster/engine/engine-node.ts';
import { socketOf } from '../../cluster/engine/node-programs.ts';
import { journalOf } from '../../cluster/engine/place.ts';
import { wireTo } from '../../cluster/engine/power-switch.ts';
import { mirrorOf } from '../../cluster/engine/story.ts';
import { until } from '../../cluster/engine/wait.ts';
import { stationAddressOf } from '../../cluster/switch.ts';
import { startBoard, type Board } from '../../fencing/peers/management-board.ts';
import { callsOf, type DeviceCall } from './serve-agents.ts';
import { shareOf, type Share } from './share.ts';

/** IPMI's own. */
const PORT = 623;
/** The network of the boards: it stays when the nodes lose each other. */
const MANAGEMENT = 1;
const PASSWORD = 'of-the-boards';
/** The node that serves nothing waits so long before it fences the other one: it is off by then. */
const HEAD_START = milliseconds(20_000);

function withBoards(config: ClusterConfig): ClusterConfig {
  const ids = new Map(Object.values(config.nodes).map(({ name, id }) => [name, id]));
  const fenceDevices = Object.values(config.fenceDevices).map((device) => [
    device.name,
    {
      kind: 'ipmi',
      name: device.name,
      node: device.node,
      address: stationAddressOf(ids.get(device.node) ?? 0, MANAGEMENT),
      port: PORT,
      username: 'admin',
      password: PASSWORD,
    },
  ]);
  return {
    ...config,
    properties: { ...config.properties, fenceDelay: HEAD_START },
    fenceDevices: Object.fromEntries(fenceDevices) as ClusterConfig['fenceDevices'],
  };
}

/** The serving node loses the other one `times` times, by its cable, and fences it by its board; `told` after each. */
export async function measure(times: number, told: (share: Share) => void): Promise<readonly Share[]> {
  const cluster = await startEngines(2, {
    links: 2,
    config: withBoards,
    agents: join(import.meta.dirname, 'serve-agents.ts'),
  });
  const boards: Board[] = [];
  try {
    for (const { machine } of cluster.nodes) {
      const host = await cluster.station(machine.id, MANAGEMENT);
      const wire = wireTo(cluster.powerSocket, deviceAddressOf(machine.id));
      boards.push(await startBoard({ host, port: PORT, password: PASSWORD, wire }));
    }
    const shares: Share[] = [];
    for (let time = 0; time < times; time += 1) {
      await cluster.well();
      shares.push(await loseOne(cluster));
      told(shares.at(-1) as Share);
    }
    return shares;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await cluster.account()}`, { cause: error });
  } finally {
    await cluster.close();
    await Promise.all(boards.map((board) => board.stop()));
  }
}

async function loseOne(cluster: EngineCluster): Promise<Share> {
  const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
  const events = listen(serving);
  try {
    await events.ready;
    await mirror.machine.cut(0);
    const find = (kind: EventRecord['kind']): EventRecord | undefined =>
      events.heard.find((event) => event.kind === kind && event.node === mirror.name);
    await until(`${mirror.name} confirmed to be off`, () =>
      find('fencing.confirmed') === undefined ? `heard ${events.heard.length} events` : undefined,
    );
    const [lost, confirmed] = [find('node.lost'), find('fencing.confirmed')];
    if (lost === undefined || confirmed === undefined) throw new Error(`${mirror.name} was not lost`);
    const failed = events.heard.filter(({ kind, node }) => kind === 'fencing.failed' && node === mirror.name);
    return shareOf(lost.at, confirmed.at, callsOn(serving), failed.length);
  } finally {
    events.close();
  }
}

/** The engine's own records, from now on. */
function listen(node: EngineNode) {
  const gateway = createEngineGateway({ path: socketOf(node.machine.folder), timeout: seconds(5) });
  const over = new AbortController();
  const heard: EventRecord[] = [];
  void (async () => {
    for await (const event of gateway.events(undefined, over.signal)) heard.push(event);
  })();
  return {
    heard,
    // Whoever is answered on a later connection is told after the stream was begun.
    ready: node.request('status', {}).then(() => undefined),
    close: () => {
      over.abort();
      gateway.close();
    },
  };
}

const callsOn = ({ machine }: EngineNode): readonly DeviceCall[] =>
  readFileSync(callsOf(journalOf(machine.folder)), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DeviceCall);
