import { failure, type Observation } from '../../src/model/index.ts';
import type { KernelStatus } from './kernel-status.ts';

/** S4: only UpToDate data may be promoted; Consistent ones where nothing better is left (the kernel asks again then). */
function promotionScore(disk: string): number | undefined {
  if (disk === 'UpToDate') return 10_000;
  if (disk === 'Consistent') return 5;
  return undefined;
}

const establishing = new Set(['Attaching', 'Negotiating']);
/** Nothing has been told to look for the peer, or the kernel has given it up (split brain, wrong secret). */
const withoutPeer = new Set(['StandAlone', 'Disconnecting']);

/** `sizeBytes`: of the device, 0 where it has none (yet). */
export function observe(pool: string, status: KernelStatus | undefined, sizeBytes = 0): Observation {
  if (status === undefined) return { state: 'stopped' };
  const { role, disk, peerDisk, connection, peerRole, outOfSync, resyncPercent, resyncSeconds, suspended } =
    status;
  const facts = {
    role,
    disk,
    peerDisk,
    connection,
    peerRole,
    outOfSync,
    suspended: suspended ? 'yes' : 'no',
    ...(connection.startsWith('Sync') || connection.startsWith('PausedSync')
      ? { replication: connection }
      : {}),
    ...(resyncPercent === undefined ? {} : { resyncPercent }),
    ...(resyncSeconds === undefined ? {} : { resyncSeconds }),
    ...(sizeBytes > 0 ? { sizeBytes } : {}),
  };
  const hasNoDisk = disk === 'Diskless' || disk === 'Failed';
  if (hasNoDisk && peerDisk !== 'UpToDate' && (role === 'Primary' || withoutPeer.has(connection))) {
    const problem = `DRBD ${pool} has neither a disk of its own nor the peer's (${connection}, ${disk}/${peerDisk})`;
    return { state: 'failed', facts, problem: failure('agent_failed', problem) };
  }
  const score = establishing.has(disk) ? undefined : promotionScore(disk);
  return {
    state: role === 'Primary' ? 'promoted' : 'running',
    facts,
    ...(score === undefined ? {} : { promotionScore: score }),
  };
}
