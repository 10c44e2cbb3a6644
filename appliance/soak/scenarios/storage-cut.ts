import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import type { MachineName } from '../../lab/topology.ts';
import { bothCurrent, primaryOf } from '../../trial/failover.ts';
import { waitForPaths } from '../../trial/multipath.ts';
import type { San } from '../../trial/san.ts';
import { fencedSince, NOTHING_HAPPENS, processes, type Scenario } from './scenario.ts';

/** Milliseconds: until the host's multipathd has looked at its paths again. */
const SEEN = 240_000;

/** The cable of one storage network is pulled at a machine, and plugged in again: the other path carries on. */
async function cutAt(lab: Lab, machine: MachineName, wwids: readonly string[]): Promise<void> {
  await lab.node(machine).linkDown('storage-a');
  try {
    await waitForPaths(lab, wwids, 1, SEEN);
    await wait(NOTHING_HAPPENS);
    await waitForPaths(lab, wwids, 1, SEEN);
  } finally {
    await lab.node(machine).linkUp('storage-a');
  }
  await waitForPaths(lab, wwids, 2, SEEN);
}

const wwidsOf = async (san: San): Promise<readonly string[]> =>
  (await san.status()).luns.map(({ wwid }) => wwid);

export const storageCut: Scenario = {
  name: 'storage-cut',
  what: 'one of two storage networks is cut at the host, then at the node that serves: the other path carries on',
  run: async (lab, san) => {
    const primary = await primaryOf(san);
    const before = processes(lab);
    const wwids = await wwidsOf(san);
    await waitForPaths(lab, wwids, 2, SEEN);
    await cutAt(lab, 'client', wwids);
    await cutAt(lab, primary, wwids);
    await bothCurrent(lab, san);
    const now = await primaryOf(san);
    return {
      wrong: [
        ...fencedSince(lab, before).map((node) => `${node} was fenced`),
        ...(now === primary ? [] : [`there was a failover to ${now}, although a path was left`]),
      ],
      told: `one device with one path of two, at the host and at ${primary}, and both again`,
    };
  },
};
