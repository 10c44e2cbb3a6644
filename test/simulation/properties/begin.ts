import type { Work } from '../agent-host.ts';
import type { Corosync } from '../corosync/corosync.ts';
import type { Machine } from '../machine.ts';
import { Violation } from '../violation.ts';

/** S2 and S3, at the moment an operation is begun that makes a node active. */
export function checkBegin(machine: Machine, peer: Machine, corosync: Corosync, work: Work): void {
  const makesActive =
    work.operation === 'promote' ||
    (work.operation === 'start' && work.agent !== 'drbd') ||
    work.operation === 'create' ||
    work.operation === 'grow';
  if (!makesActive) return;
  const what = `${machine.name} begins ${work.agent} ${work.operation}`;
  const hasQuorum =
    corosync.isQuorate(machine.id) || machine.engine?.quorate.isLost(machine.time.now) === false;
  if (!hasQuorum) throw new Violation('S3', `${what} without quorum`);
  // What was ordered before, by a controller that was still there, may be begun until this engine has heard the rest.
  if (machine.engine?.state.view.members.includes(peer.id) === true) return;
  // Who has left in order runs nothing, and need not be fenced; its next engine does nothing alone.
  const hasLeft = peer.hasLeft || (peer.leaves && peer.legacy === undefined);
  if (hasLeft && !peer.kernel.isActive) return;
  const lostAt = corosync.lostAt(machine.id, peer.id);
  if (lostAt !== undefined && peer.isPowered && peer.offAt < lostAt)
    throw new Violation('S2', `${what} although ${peer.name} was lost and has not been off since`, [
      'device lied',
    ]);
}
