import { setTimeout as wait } from 'node:timers/promises';
import type { LunView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf, servedBy } from '../../trial/failover.ts';
import { attachLun, toldBy } from '../../trial/host.ts';
import { waitForPaths, type MultipathDevice } from '../../trial/multipath.ts';
import type { San } from '../../trial/san.ts';
import type { Scenario } from './scenario.ts';

/** Beside the one that is written to. */
const LUNS = 99;
const SIZE = '4MiB';
const TURNS = 20;
/** Asked for at the same time. */
const AT_ONCE = 11;
/** Milliseconds: until multipathd has looked at two hundred paths, under emulation. */
const SEEN = 600_000;

const nameOf = (turn: number): string => `moved-${turn + 1}`;

async function createAll(san: San): Promise<readonly LunView[]> {
  const luns: LunView[] = [];
  for (let first = 0; first < LUNS; first += AT_ONCE) {
    const turns = Array.from({ length: Math.min(AT_ONCE, LUNS - first) }, (_, turn) => first + turn);
    luns.push(...(await Promise.all(turns.map((turn) => san.createLun(nameOf(turn), SIZE)))));
  }
  return luns;
}

/** Fills each device with words of its own. */
const fill = (lab: Lab, devices: readonly MultipathDevice[]): Promise<string> =>
  lab.node('client').demand(
    `set -e
${devices.map(({ name, wwid }) => `yes ${wwid} | head -c 4194304 | dd of=/dev/mapper/${name} bs=1M oflag=direct iflag=fullblock status=none`).join('\n')}`,
    { timeout: SEEN },
  );

/** The devices whose content is not their own words any more. */
async function strange(lab: Lab, devices: readonly MultipathDevice[]): Promise<readonly string[]> {
  const said = await lab
    .node('client')
    .demand(
      devices
        .map(
          ({ name, wwid }) =>
            `yes ${wwid} | head -c 4194304 | cmp -s - <(dd if=/dev/mapper/${name} bs=1M iflag=direct status=none) || echo ${wwid}`,
        )
        .join('\n'),
      { timeout: SEEN },
    );
  return said.split('\n').filter((line) => line !== '');
}

/** The node that serves goes to standby, and comes back when the other one serves. */
async function planned(san: San): Promise<void> {
  const node = await primaryOf(san);
  const other = otherThan(node);
  await san.call(other, 'PATCH', `/nodes/${node}`, { standby: true });
  await servedBy(san, other);
  await wait(2000);
  await san.call(other, 'PATCH', `/nodes/${node}`, { standby: false });
}

export const moves: Scenario = {
  name: 'moves',
  what: `with ${LUNS + 1} LUNs that a host has attached, ${TURNS} planned moves and power cuts in turn`,
  run: async (lab, san) => {
    const wrong: string[] = [];
    const luns = await createAll(san);
    const wwids = luns.map(({ wwid }) => wwid);
    await attachLun(lab, wwids.at(-1) ?? '', await toldBy(san));
    const devices = await waitForPaths(lab, wwids, 2, SEEN);
    await fill(lab, devices);
    const told: string[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const began = Date.now();
      if (turn % 2 === 0) await planned(san);
      else {
        const { exported = Date.now() } = await cutPrimary(lab, san, await primaryOf(san));
        told.push(`${((exported - began) / 1000).toFixed(1)} s`);
      }
      await bothCurrent(lab, san);
      await waitForPaths(lab, wwids, 2, SEEN);
      for (const wwid of await strange(lab, devices)) wrong.push(`turn ${turn + 1}: ${wwid} has other data`);
    }
    const maps = devices.map(({ name }) => `multipath -f ${name}`);
    await lab.node('client').demand(maps.join('\n'), { timeout: SEEN });
    for (const { name } of luns) await san.deleteLun(name);
    return { wrong, told: `${luns.length} devices with their own data; power cuts: ${told.join(', ')}` };
  },
};
