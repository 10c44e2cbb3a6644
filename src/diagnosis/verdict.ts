import type { Diagnosis, NodeView, StatusView, Verdict } from '../model/index.ts';
import { listText } from './words.ts';

/**
 * For each node: whether the others would go on serving if it were lost now, and what says so. Where the status knows
 * better than all reasons that are known here, its reasons stand.
 */
export function verdictsOf(status: StatusView, diagnoses: readonly Diagnosis[]): readonly Verdict[] {
  const verdicts = status.nodes.map((lost) => verdictOf(lost, status, diagnoses));
  if (status.survivesFailure || verdicts.some(({ survives }) => !survives)) return verdicts;
  const doubts = status.problems.filter(({ severity }) => severity !== 'attention');
  return verdicts.map(({ node }) => ({
    node,
    survives: false,
    because: doubts.length === 0 ? ['the status says so'] : doubts.map(({ message }) => message),
  }));
}

function verdictOf(lost: NodeView, status: StatusView, diagnoses: readonly Diagnosis[]): Verdict {
  const { name: node } = lost;
  if (lost.state === 'offline' || lost.state === 'absent')
    return status.serving
      ? { node, survives: true, because: [`${node} is off already, and all is served`] }
      : { node, survives: false, because: ['not all is served, and it is off already'] };
  const common = [...knowledge(status), ...fencing(lost), ...quorum(status)];
  const others = status.nodes.filter(({ name }) => name !== node);
  const hindrances = others.map((other) => [...common, ...takeover(other, status, diagnoses)]);
  const free = others.find((_other, index) => hindrances[index]?.length === 0);
  if (free === undefined)
    return {
      node,
      survives: false,
      because: others.length === 0 ? ['there is no other node'] : [...new Set(hindrances.flat())],
    };
  const pools = status.pools.map(({ name }) => name);
  return {
    node,
    survives: true,
    because: [
      `${free.name} is there${pools.length === 0 ? '' : ` with a current copy of ${listText(pools)}`}`,
      `${node} can be fenced by ${listText(wholeLevel(lost).map(({ name }) => name))}`,
    ],
  };
}

function knowledge(status: StatusView): readonly string[] {
  if (!status.synchronised) return ['the node that was asked does not know the state of the cluster'];
  const unserved = status.problems.filter(({ severity }) => severity === 'data-not-served');
  return unserved.map(({ message }) => message);
}

type Devices = NodeView['fenceDevices'];

function levelsOf({ fenceDevices }: NodeView): readonly Devices[] {
  const levels = Map.groupBy(fenceDevices, ({ level }) => level);
  return [...levels].toSorted(([left], [right]) => left - right).map(([, devices]) => devices);
}

/** Devices of the first level that would work now, and could confirm that the node has lost its power. */
const wholeLevel = (lost: NodeView): Devices =>
  levelsOf(lost).find((devices) =>
    devices.every(
      ({ state, sharesPower, testOnly }) => state === 'ready' && sharesPower !== true && testOnly !== true,
    ),
  ) ?? [];

function fencing(lost: NodeView): readonly string[] {
  const { name, fenceDevices, fenceWaiver } = lost;
  if (fenceDevices.length === 0) return [`${name} has no fence device`];
  const answers = levelsOf(lost).some((devices) => devices.every(({ state }) => state === 'ready'));
  if (!answers)
    return [
      `no fence device of ${name} answers: ${listText(fenceDevices.map((device) => `${device.name} is ${device.state}`))}`,
    ];
  if (wholeLevel(lost).length === 0)
    return [`no fence device of ${name} could confirm that it has lost its power, or is more than a test`];
  const isTested = fenceDevices.some(({ proof }) => proof !== undefined);
  return isTested || fenceWaiver !== undefined ? [] : [`it was never seen that ${name} can be fenced`];
}

/** With a witness, the node that is left needs its vote. */
function quorum({ quorate, witness }: StatusView): readonly string[] {
  if (!quorate) return ['there is no quorum'];
  return witness !== undefined && witness.votes !== true
    ? [`the witness ${witness.address} does not vote`]
    : [];
}

/** Why that node could not take over. */
function takeover(node: NodeView, status: StatusView, diagnoses: readonly Diagnosis[]): readonly string[] {
  const { name } = node;
  if (node.state !== 'online') return [`${name} is ${node.state}`];
  const wishes = [
    ...(status.maintenance === true ? ['the whole cluster is in maintenance'] : []),
    ...(node.maintenance === true ? [`${name} is in maintenance`] : []),
    ...(node.standby === true ? [`${name} is in standby`] : []),
    ...(node.leaving === true ? [`${name} is leaving`] : []),
  ];
  const copies = status.pools.flatMap(({ name: pool, disks }) =>
    disks[name] === 'UpToDate' ? [] : [`${name} has no current copy of ${pool} (${disks[name] ?? 'none'})`],
  );
  const broken = node.instances
    .filter(({ state, failure }) => state === 'failed' && failure !== undefined)
    .map(({ resource, failure }) => `${resource} has failed on ${name}: ${failure?.message ?? ''}`);
  const machine = diagnoses
    .filter((one) => one.node === name && one.weight === 'forbids')
    .map(({ found, code }) => `${name}: ${found} (${code})`);
  return [...wishes, ...copies, ...broken, ...machine];
}
