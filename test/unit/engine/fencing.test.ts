import { expect, test } from 'vitest';
import { initialConfig, initialState, type EngineState } from '../../../src/engine/index.ts';
import { noLongerWanted, replicationBroken } from '../../../src/engine/fencing/replication.ts';
import { milliseconds, type NodeStatus } from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const now = milliseconds(1000);
const config = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const [serving = '', mirror = ''] = Object.keys(config.nodes);
const pool = Object.keys(config.pools)[0] ?? '';

/** Both nodes online, the mirror's fencing wanted because the replication broke, and each end as its kernel sees it. */
function state(connections: Readonly<Record<string, string>>): EngineState {
  const birth = { self: serving, incarnation: 'i', boot: 'b', synchronisedSinceBoot: true, config, now };
  const initial = initialState({ ...birth, digest: (text) => text });
  const nodes = Object.entries(connections).map(([name, connection]): [string, NodeStatus] => [
    name,
    {
      state: 'online',
      since: now,
      fenceWanted: name === mirror ? replicationBroken(pool) : undefined,
      fencing: undefined,
      instances: {
        [`drbd-${pool}`]: { observation: { state: 'running', facts: { connection } }, failures: undefined },
      },
    },
  ]);
  return { ...initial, status: { quorate: true, nodes: Object.fromEntries(nodes) } };
}

test('a fencing for a broken replication is withdrawn when both ends see it mended', () => {
  const mended = state({ [serving]: 'Connected', [mirror]: 'SyncTarget' });
  expect(noLongerWanted(mended)).toEqual([{ target: mirror, reason: replicationBroken(pool) }]);
});

test('it is not withdrawn because one end has not noticed the loss yet', () => {
  expect(noLongerWanted(state({ [serving]: 'WFConnection', [mirror]: 'Connected' }))).toEqual([]);
  expect(noLongerWanted(state({ [serving]: 'Connected', [mirror]: 'WFConnection' }))).toEqual([]);
});
