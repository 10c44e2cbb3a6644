import type { Work } from './agent-host.ts';
import type { Corosync } from './corosync.ts';
import type { Machine } from './machine.ts';
import { Violation } from './violation.ts';

/** What must hold after every event, judged by what the simulated hardware is really doing (DESIGN.md section 4). */
export function checkEverything(machines: readonly [Machine, Machine]): void {
  checkExclusive(machines);
  checkAgreement(machines);
}

/** S1, S2 and S5: what may be on one node only is on one node only. */
function checkExclusive([a, b]: readonly [Machine, Machine]): void {
  if (a.kernel.replica.isPrimary && b.kernel.replica.isPrimary)
    throw new Violation('S1', 'DRBD is Primary on both nodes');
  for (const lun of a.kernel.luns.keys())
    if (b.kernel.luns.has(lun)) throw new Violation('S5', `LUN ${lun} is exported by both nodes`);
  for (const address of a.kernel.addresses)
    if (b.kernel.addresses.has(address)) throw new Violation('S2', `both nodes have the address ${address}`);
  if (a.kernel.volumeGroupActive && b.kernel.volumeGroupActive)
    throw new Violation('S2', 'the volume group is active on both nodes');
}

/** Engines of one group that hold the same revision hold the same configuration, and agree on the controller. */
function checkAgreement([a, b]: readonly [Machine, Machine]): void {
  const first = a.engine?.state;
  const second = b.engine?.state;
  if (first?.view.complete !== true || second?.view.complete !== true) return;
  if (first.view.members.length < 2 || second.view.members.length < 2) return;
  if (first.view.generation !== second.view.generation) return;
  if (first.view.controller !== second.view.controller)
    throw new Violation(
      'S8',
      `two controllers: ${first.view.controller ?? ''} and ${second.view.controller ?? ''}`,
    );
  const { config } = first;
  const other = second.config;
  if (config.current.revision === other.current.revision && config.hash !== other.hash)
    throw new Violation('S7', `revision ${config.current.revision} differs between the nodes`);
}

/** S2 and S3, at the moment an operation is begun that makes a node active. */
export function checkBegin(machine: Machine, peer: Machine, corosync: Corosync, work: Work): void {
  const makesActive =
    work.operation === 'promote' ||
    (work.operation === 'start' && work.agent !== 'drbd') ||
    work.operation === 'create';
  if (!makesActive) return;
  const what = `${machine.name} begins ${work.agent} ${work.operation}`;
  if (!corosync.isQuorate(machine.id)) throw new Violation('S3', `${what} without quorum`);
  // What was ordered before, by a controller that was still there, may be begun until this engine has heard the rest.
  if (machine.engine?.state.view.members.includes(peer.id) === true) return;
  const lostAt = corosync.lostAt(machine.id, peer.id);
  if (lostAt !== undefined && peer.isPowered && peer.offAt < lostAt)
    throw new Violation('S2', `${what} although ${peer.name} was lost and has not been off since`);
}

/** Nothing that an engine remembers may grow for ever. */
export function checkBounds(machine: Machine): void {
  const { engine } = machine;
  if (engine === undefined) return;
  const { inFlight, executor, requests, proposed, fencing } = engine.state;
  const sizes: Readonly<Record<string, number>> = {
    inFlight: Object.keys(inFlight).length,
    work: Object.keys(executor.work).length,
    queue: executor.queue.length,
    dirty: executor.dirty.size,
    requests: Object.keys(requests).length,
    proposed: Object.keys(proposed).length,
    fencing: Object.keys(fencing).length,
    timers: engine.timerCount,
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (size > 60) throw new Violation('bounds', `${machine.name} remembers ${size} of ${name}`);
  }
}
