import { setTimeout as wait } from 'node:timers/promises';
import type { Fencing } from '../../../src/model/index.ts';
import { LabError } from '../../lab/error.ts';
import type { Lab } from '../../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import type { FenceKind } from '../../trial/cluster-file.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf, type Phases } from '../../trial/failover.ts';
import { levelsOf } from '../../trial/levels.ts';
import type { San } from '../../trial/san.ts';
import { SERVED_AGAIN, type Scenario } from './scenario.ts';

/** No device of that kind answers any more, or all do again; the power they give stays as it is. */
async function reach(lab: Lab, kind: FenceKind, isReachable: boolean): Promise<void> {
  if (kind === 'sbd')
    throw new LabError(
      'command-failed',
      'SBD cannot be made to fail alone: a node without its disk is reset',
      'Put it last.',
    );
  const devices =
    kind === 'pdu'
      ? [{ up: () => lab.pduUp(), down: () => lab.pduDown() }]
      : storageNodeNames
          .map((name) => lab.node(name))
          .map((node) => ({ up: () => node.boardUp(), down: () => node.boardDown() }));
  for (const { up, down } of devices) await (isReachable ? up() : down());
}

async function newestFencing(san: San, survivor: StorageNodeName): Promise<Fencing | undefined> {
  const { body } = await san.call(survivor, 'GET', '/fencings?limit=1');
  return (body as readonly Fencing[])[0];
}

/** It is written down some seconds after. */
async function nextFencing(
  san: San,
  survivor: StorageNodeName,
  before: Fencing | undefined,
): Promise<Fencing> {
  for (const end = Date.now() + SERVED_AGAIN; Date.now() < end;) {
    const newest = await newestFencing(san, survivor);
    if (newest !== undefined && newest.at !== before?.at) return newest;
    await wait(1000);
  }
  throw new LabError('command-failed', 'the fencing does not stand in the history', 'See `keelson events`.');
}

interface Carried {
  readonly wrong: readonly string[];
  readonly told: string;
  readonly phases: Phases;
}

/** The power of the node that serves is cut; that kind of device has to confirm it. */
async function carry(lab: Lab, san: San, kind: FenceKind): Promise<Carried> {
  const node = await primaryOf(san);
  const survivor = otherThan(node);
  const before = await newestFencing(san, survivor);
  const phases = await cutPrimary(lab, san, node);
  const { devices, ...fencing } = await nextFencing(san, survivor, before);
  const right = `${kind}-${node}`;
  const took = ((phases.fenced ?? NaN) - (phases.detected ?? NaN)) / 1000;
  return {
    wrong: [
      ...(fencing.node === node && devices.length === 1 && devices[0] === right
        ? []
        : [`${fencing.node} was put out by ${devices.join(' and ')}, and ${node} by ${right} was to be`]),
      ...(fencing.attempts === 1 ? [] : [`it took ${fencing.attempts} attempts`]),
    ],
    told: `${node} by ${devices.join()} in ${took.toFixed(1)} s`,
    phases,
  };
}

export const fenceLevels: Scenario = {
  name: 'fence-levels',
  what: 'the power of the node that serves is cut, once for each level of its fence devices: those before it cannot be reached',
  run: async (lab, san) => {
    const kinds = await levelsOf(san);
    const carried: Carried[] = [];
    for (const [index, kind] of kinds.entries()) {
      const failing = kinds.slice(0, index);
      for (const each of failing) await reach(lab, each, false);
      try {
        carried.push(await carry(lab, san, kind));
      } finally {
        for (const each of failing) await reach(lab, each, true);
      }
      await bothCurrent(lab, san);
    }
    const [first] = carried;
    return {
      wrong: carried.flatMap(({ wrong }) => wrong),
      told: carried.map(({ told }) => told).join('; '),
      ...(first && { phases: first.phases }),
    };
  },
};
