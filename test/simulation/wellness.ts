import { isUnderWay } from '../../src/engine/config/index.ts';
import type { StatusView } from '../../src/model/index.ts';
import type { World } from './world.ts';

/** A host whose write has not been acknowledged for so long (in milliseconds) is waiting. */
const SILENCE = 3000;

/** Both nodes are there, the data is on both, every LUN is served, and both engines say so. */
export function isWell(world: World): boolean {
  return whatIsWrong(world) === undefined;
}

function whatIsWrong(world: World): string | undefined {
  if ([...world.boards.values()].some(({ calls }) => calls > 0))
    return 'a board has not answered all that was asked in bad times';
  if (world.host.acknowledged > 0 && world.time.now - world.host.lastAcknowledged > SILENCE)
    return 'the host waits for its write';
  if (world.corosync.witness?.isWell === false) return 'the witness does not vote for both nodes';
  for (const machine of world.machines) {
    const { name, kernel, engine } = machine;
    if (!machine.isPowered || engine === undefined) return `${name} is not up`;
    const drbd = kernel.replica.kernel;
    if (drbd?.disk !== 'UpToDate' || drbd.connection !== 'Connected') return `DRBD of ${name} is not whole`;
    const { config, view, inFlight } = engine.state;
    if (!view.complete || view.members.length < 2) return `the view of ${name} is not whole`;
    if (Object.keys(inFlight).length > 0) return `${name}: ${Object.keys(inFlight).join(', ')} in flight`;
    const pool = Object.values(config.current.pools)[0];
    if (pool?.state !== 'ready') return 'the pool is not ready';
    if (pool.solo !== undefined) return `the pool belongs to ${pool.solo} alone`;
    for (const lun of Object.values(config.current.luns)) {
      if (lun.state !== 'ready') return `LUN ${lun.name} is ${lun.state}`;
      if (world.machines.filter((each) => each.kernel.serves(lun.name)).length !== 1)
        return `LUN ${lun.name} is not served`;
    }
    for (const { address } of Object.values(config.current.targets).flatMap(({ portals }) => portals))
      if (world.machines.filter((each) => each.kernel.addresses.has(address)).length !== 1)
        return `the portal ${address} is on no node`;
    const unready = Object.values(config.current.snapshots ?? {}).find(({ state }) => state !== 'ready');
    if (unready !== undefined) return `snapshot ${unready.name} is ${unready.state}`;
    const tested = Object.entries(config.current.fencing?.tests ?? {}).find(([, test]) => isUnderWay(test));
    if (tested !== undefined) return `the fencing of ${tested[0]} is being tested`;
    const running = Object.values(config.current.operations).find(({ state }) => state === 'running');
    if (running !== undefined) return `operation ${running.id} is still running`;
    const status = world.operator.status(machine);
    if (status?.serving !== true) return `${name} does not say that it serves`;
    if (!survives(status)) return `${name} does not say that a failure would be survived`;
  }
  return undefined;
}

/** True of a cluster as it was defined, however well it is. */
const BY_DEFINITION: readonly string[] = ['fencing_shares_power'];

const survives = ({ survivesFailure, problems }: StatusView): boolean =>
  survivesFailure ||
  problems.every(({ severity, code }) => severity === 'attention' || BY_DEFINITION.includes(code));

/** What is wrong by the hardware's truth, and what the engines say about it. */
export function describe(world: World): string {
  const problems = world.machines.flatMap((machine) => {
    const status = world.operator.status(machine);
    if (status === undefined) return [`${machine.name}: no engine`];
    return [
      ...status.problems.map(({ message }) => `${machine.name}: ${message}`),
      ...status.blocked.map(({ subject, reason }) => `${machine.name}: blocked ${subject}: ${reason}`),
    ];
  });
  return [whatIsWrong(world) ?? 'nothing', ...problems].join('; ');
}
