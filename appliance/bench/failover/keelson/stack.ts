import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../../lab/error.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Progress } from '../../../lab/progress.ts';
import type { StorageNodeName } from '../../../lab/topology.ts';
import { bothCurrent, otherThan, primaryOf } from '../../../trial/failover.ts';
import type { San } from '../../../trial/san.ts';
import { lunName, writtenLun } from '../luns.ts';
import type { Deed } from '../phases.ts';
import type { Stack } from '../stack.ts';
import { makeLuns } from './luns.ts';
import { keelsonSigns } from './signs.ts';

/** Many LUNs start, or a node comes back, under emulation, in milliseconds. */
const SETTLED = 900_000;
/** By then a node takes a wish, in milliseconds. */
const ANSWERED = 60_000;

export function keelsonStack(lab: Lab, san: San, progress: Progress): Stack {
  /** Asked again, and of the other node too: the one that has just come back may not take connections yet. */
  const setStandby = async (node: StorageNodeName, standby: boolean): Promise<void> => {
    const end = performance.now() + ANSWERED;
    for (let asked = otherThan(node); ; asked = otherThan(asked)) {
      const answer = await san.call(asked, 'PATCH', `/nodes/${node}`, { standby }).catch((error: unknown) => {
        if (performance.now() > end) throw error;
      });
      if (answer?.status === 200) return;
      if (answer !== undefined && performance.now() > end) {
        const what = `PATCH /nodes/${node}: ${JSON.stringify(answer.body)}`;
        throw new LabError('command-failed', what, 'See the code.');
      }
      await wait(1000);
    }
  };

  const growTo = async (luns: number): Promise<void> => {
    const present = (await san.status()).luns.map(({ name }) => name);
    if (present.length > luns) {
      const what = `the SAN has ${present.length} LUNs already, more than ${luns}`;
      throw new LabError('command-failed', what, 'Take new disks (without --reuse).');
    }
    const missing = Array.from({ length: luns }, (_, index) => index + 1).filter(
      (lun) => !present.includes(lunName(lun)),
    );
    await makeLuns(san, missing, progress);
    await san.waitFor(
      `${luns} LUNs are served, and a failure would be survived`,
      SETTLED,
      (status) =>
        status.survivesFailure &&
        status.luns.length === luns &&
        status.luns.every(({ servedBy }) => servedBy !== undefined),
    );
  };

  return {
    name: 'keelson',
    journal: ['--unit=keelsond.service'],
    async serveFirst() {
      await growTo(1);
      const first = (await san.status()).luns.find(({ name }) => name === lunName(writtenLun));
      if (first === undefined) throw new Error('The first LUN is made, and the status does not have it.');
      return first.wwid;
    },
    growTo,
    primary: () => primaryOf(san),
    order: (node) => setStandby(node, true),
    async settle(deed: Deed, node) {
      if (deed === 'planned-move') await setStandby(node, false);
      await bothCurrent(lab, san);
    },
    signs: keelsonSigns,
  };
}
