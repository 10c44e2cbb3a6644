import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../../lab/error.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Progress } from '../../../lab/progress.ts';
import type { StorageNodeName } from '../../../lab/topology.ts';
import { bothCurrent, otherThan, primaryOf } from '../../../trial/failover.ts';
import { apisAnswer } from '../../../trial/form.ts';
import type { San } from '../../../trial/san.ts';
import { inWords, lunName, writtenLun } from '../luns.ts';
import type { Deed } from '../phases.ts';
import type { Stack } from '../stack.ts';
import { makeLuns } from './luns.ts';
import { keelsonSigns } from './signs.ts';

/** Many LUNs start, or a node comes back, under emulation, in milliseconds. */
const SETTLED = 900_000;
/** An order that may be repeated is repeated for so long, every so often. */
const TAKEN = 120_000;
const AGAIN = 1000;

export function keelsonStack(lab: Lab, san: San, progress: Progress): Stack {
  const setStandby = async (node: StorageNodeName, standby: boolean): Promise<void> => {
    const end = performance.now() + TAKEN;
    for (;;) {
      const answer = await san
        .call(otherThan(node), 'PATCH', `/nodes/${node}`, { standby })
        .catch((error: unknown) => error as Error);
      if (!(answer instanceof Error) && answer.status === 200) return;
      if (performance.now() > end) {
        const said = answer instanceof Error ? answer.message : JSON.stringify(answer.body);
        throw new LabError('command-failed', `PATCH /nodes/${node}: ${said}`, 'See `keelson status`.');
      }
      await wait(AGAIN);
    }
  };

  const growTo = async (luns: number): Promise<void> => {
    const present = (await san.status()).luns.map(({ name }) => name);
    if (present.length > luns) {
      const what = `the SAN has ${inWords(present.length)} already, more than ${luns}`;
      throw new LabError('command-failed', what, 'Take new disks (without --reuse).');
    }
    const missing = Array.from({ length: luns }, (_, index) => index + 1).filter(
      (lun) => !present.includes(lunName(lun)),
    );
    await makeLuns(san, missing, progress);
    await san.waitFor(
      `${inWords(luns)} served, and a failure would be survived`,
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
      // The node that came back takes the next order.
      await apisAnswer(san);
    },
    signs: keelsonSigns,
  };
}
