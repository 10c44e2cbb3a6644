import {
  isForTests,
  portalText,
  type FenceDeviceView,
  type InstanceView,
  type LunIntent,
  type LunView,
  type NodeName,
  type NodeStatus,
  type NodeView,
  type StatusView,
  type TargetIntent,
} from '../../model/index.ts';
import { fenceActionOf, fencingRecord } from '../config/index.ts';
import { timeOfDay } from '../controller/clock.ts';
import type { EngineState } from '../controller/state.ts';
import { levelsOf } from '../fencing/levels.ts';
import { isUnmanaged, plan } from '../planner/index.ts';
import { runningOn } from './running.ts';
import { poolView } from './pools.ts';
import { problemsOf } from './problems.ts';
import { snapshotsIn } from './snapshots.ts';
import { wishesOfNode } from './wishes.ts';

/** LIO's NAA: 6, its company id 001405, then 25 hex digits of the serial; udev and multipath put a 3 before it. */
const wwidOf = (serial: string): string => `36001405${serial.slice(0, 25)}`;

/** Those that hosts are to use: one that is being taken away is not told. */
export const portalsOf = ({ portals }: TargetIntent): readonly string[] =>
  portals.filter(({ removing }) => removing !== true).map(({ address }) => portalText(address));

export function lunView(state: EngineState, lun: LunIntent): LunView {
  const target = state.config.current.targets[lun.target];
  return {
    name: lun.name,
    pool: lun.pool,
    target: lun.target,
    size: lun.size,
    ...(lun.thin && { thin: true }),
    hosts: lun.hosts,
    ...(lun.readOnlyHosts && { readOnlyHosts: lun.readOnlyHosts }),
    number: lun.number,
    serial: lun.serial,
    wwid: wwidOf(lun.serial),
    iqn: target?.iqn ?? '',
    portals: target === undefined ? [] : portalsOf(target),
    state: lun.state,
    ...(lun.grow && { growingTo: lun.grow.size }),
    ...snapshotsIn(state, lun),
    servedBy: runningOn(state, `lun-${lun.name}`, 'running'),
  };
}

export function nodeViews(state: EngineState): readonly NodeView[] {
  return Object.entries(state.status.nodes).map(([name, node]): NodeView => ({
    name,
    state: node.state,
    since: timeOfDay(state, node.since),
    isController: state.view.controller === name,
    fencing: node.fencing && { ...node.fencing, since: timeOfDay(state, node.fencing.since) },
    fenceDevices: fenceDeviceViews(state, name, node),
    ...(fenceActionOf(state.config.current, name) === 'off' ? { fenceAction: 'off' } : {}),
    ...experienceWith(state, name),
    ...wishesOfNode(state, name),
    instances: Object.entries(node.instances).map(([resource, { observation, failures }]): InstanceView => ({
      resource,
      node: name,
      state: observation === 'unknown' ? 'unknown' : observation.state,
      facts: observation === 'unknown' ? {} : (observation.facts ?? {}),
      failure:
        failures?.failure ??
        (observation === 'unknown' ? undefined : (observation.problem ?? observation.drift)),
      ...(isUnmanaged(state.config.current, resource, name) ? { unmanaged: true } : {}),
    })),
  }));
}

function fenceDeviceViews(
  state: EngineState,
  node: NodeName,
  { devices = {} }: NodeStatus,
): readonly FenceDeviceView[] {
  const { proofs } = fencingRecord(state.config.current);
  return levelsOf(state, node)
    .flat()
    .map(({ name, kind, level = 1, sharesPower }): FenceDeviceView => {
      const seen = devices[name];
      const proof = proofs[name];
      return {
        name,
        kind,
        level,
        state: seen === undefined ? 'unknown' : seen.failure === undefined ? 'ready' : 'failing',
        by: seen?.by,
        since: seen && timeOfDay(state, seen.since),
        failure: seen?.failure,
        ...(sharesPower && { sharesPower }),
        ...(isForTests({ kind }) ? { testOnly: true } : {}),
        ...(proof && { proof }),
      };
    });
}

function experienceWith(
  { config }: EngineState,
  node: NodeName,
): Pick<NodeView, 'fenceTest' | 'fenceWaiver'> {
  const { tests, waivers } = fencingRecord(config.current);
  const [fenceTest, fenceWaiver] = [tests[node], waivers[node]];
  return { ...(fenceTest && { fenceTest }), ...(fenceWaiver && { fenceWaiver }) };
}

export function statusView(state: EngineState): StatusView {
  const { config, status } = state;
  const { blocked } = plan({ blueprint: config.blueprint, config: config.current, status });
  const luns = Object.values(config.current.luns).map((lun) => lunView(state, lun));
  const pools = Object.values(config.current.pools).map((pool) => poolView(state, pool));
  const problems = problemsOf(state, luns, pools);
  return {
    clusterName: config.current.clusterName,
    node: state.self,
    synchronised: state.view.complete,
    quorate: status.quorate,
    revision: config.current.revision,
    controller: state.view.controller,
    serving: state.view.complete && !problems.some(({ severity }) => severity === 'data-not-served'),
    survivesFailure: state.view.complete && problems.every(({ severity }) => severity === 'attention'),
    ...(config.current.properties.maintenance === true ? { maintenance: true } : {}),
    problems,
    blocked,
    nodes: nodeViews(state),
    pools,
    luns,
  };
}
