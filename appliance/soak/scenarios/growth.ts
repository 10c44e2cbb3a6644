import type { ConnectInfo } from '../../../src/model/index.ts';
import { attachLun, toldBy } from '../../trial/host.ts';
import { bothCurrent, otherThan, primaryOf } from '../../trial/failover.ts';
import { growUntilDone, sizeOnHost, sizesOf } from '../../trial/growth.ts';
import { killers, type Victim } from '../../trial/interrupted-create.ts';
import { clientName } from '../../trial/cluster-file.ts';
import { fencedSince, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

const MIB = 2 ** 20;
const NAME = 'growing';

/**
 * A LUN that the host has logged in to is grown under the load on another one: once in peace, once with each of our
 * processes killed in the middle, and once across a power cut. Each time the volume, its device and the host agree.
 */
export const growth: Scenario = {
  name: 'growth',
  what: 'a LUN is grown, also while our processes are killed and while the node is lost',
  run: async (lab, san) => {
    const before = processes(lab);
    const wrong: string[] = [];
    const told: string[] = [];
    let size = 16 * MIB;
    const { wwid } = await san.createLun(NAME, `${size}`);
    await attachLun(lab, wwid, await toldBy(san));
    const check = async (what: string): Promise<void> => {
      const { afterGrow } = await growUntilDone(san, NAME, size);
      const node = await primaryOf(san);
      const seen = await sizesOf(lab, node, NAME);
      const onHost = await sizeOnHost(lab, wwid, afterGrow);
      if (seen.recorded !== size || seen.mapped !== size || onHost !== size || seen.suspended !== 'Active')
        wrong.push(`${what}: asked for ${size}, seen ${JSON.stringify({ ...seen, onHost })}`);
    };

    size += 16 * MIB;
    const began = Date.now();
    await check('in peace');
    told.push(`grown and seen by the host in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    const info = (await san.call('san-a', 'GET', `/hosts/${clientName}/connect-info`)).body as ConnectInfo;
    if (info.afterGrow.linux.length === 0) wrong.push('connect-info does not say what to do after a growth');

    for (const victim of ['api', 'agent hosts', 'engine'] satisfies Victim[]) {
      size += 16 * MIB;
      const node = await primaryOf(san);
      const asked = san.call(node, 'PATCH', `/luns/${NAME}`, { size }).catch(() => undefined);
      await lab.node(node).demand(killers[victim]);
      await asked;
      await check(`${victim} killed`);
    }
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);

    size += 16 * MIB;
    const node = await primaryOf(san);
    const other = otherThan(node);
    await san.call(other, 'PATCH', `/luns/${NAME}`, { size }).catch(() => undefined);
    await lab.node(node).powerCut();
    await san.waitFor(
      `${other} serves`,
      SERVED_AGAIN,
      ({ serving, pools }) => serving && pools.every(({ primary }) => primary === other),
      other,
    );
    await check('power cut');
    await bothCurrent(lab, san);
    await lab.node('client').demand(`multipath -f "$(multipath -l -v1 ${wwid})"`);
    await san.deleteLun(NAME, other);
    return { wrong, told: told.join('; ') };
  },
};
