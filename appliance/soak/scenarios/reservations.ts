import type { LunView, OperationView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import { portals, targetName } from '../../trial/cluster-file.ts';
import { bothCurrent, cutPrimary, primaryOf } from '../../trial/failover.ts';
import {
  clear,
  diskOf,
  heldOn,
  login,
  logout,
  register,
  reserve,
  writes,
  type Judge,
} from '../../trial/reservations.ts';
import { followed } from '../../trial/snapshots.ts';
import type { Scenario } from './scenario.ts';

const NAME = 'reserved';
const holder: Judge = { name: 'holder', initiator: 'iqn.2026-11.com.example:holder', key: '0xa1' };
const other: Judge = { name: 'other', initiator: 'iqn.2026-11.com.example:other', key: '0xb2' };
const [portal] = portals;

/** Both are registered, one holds the LUN, and only that one can write. */
async function isHeld(lab: Lab, number: number, when: string): Promise<readonly string[]> {
  const [own, others] = [await diskOf(lab, holder, number), await diskOf(lab, other, number)];
  const held = await heldOn(lab, others);
  const wrong: string[] = [];
  if (held.keys.join() !== `${holder.key},${other.key}`)
    wrong.push(`${when}: registered are ${held.keys.join(', ')}`);
  if (held.holder !== holder.key || held.type !== 'Write Exclusive')
    wrong.push(`${when}: held by ${held.holder ?? 'nobody'} as ${held.type ?? 'nothing'}`);
  if ((await writes(lab, others)) === 'written') wrong.push(`${when}: who does not hold it could write`);
  if ((await writes(lab, own)) === 'conflict') wrong.push(`${when}: who holds it could not write`);
  return wrong;
}

/** Two initiators and a LUN of their own, which the host that writes does not see. */
export const reservations: Scenario = {
  name: 'reservations',
  what: 'a LUN is reserved by one of two initiators; two power cuts in a row, there and back, and it still is',
  run: async (lab, san) => {
    const first = await primaryOf(san);
    const initiators = [holder.initiator, other.initiator];
    await san.call(first, 'POST', '/hosts', { name: NAME, initiators });
    const asked = await san.call(first, 'POST', '/luns', { name: NAME, size: '16MiB', hosts: [NAME] });
    const operation: OperationView = await followed(san, asked.body);
    if (operation.state !== 'succeeded') return { wrong: ['the LUN was not made'], told: operation.state };
    const { number, wwid } = (await san.call(first, 'GET', `/luns/${NAME}`)).body as LunView;
    for (const judge of [holder, other]) {
      await login(lab, judge, targetName, portal);
      await register(lab, await diskOf(lab, judge, number), judge);
    }
    await reserve(lab, await diskOf(lab, holder, number), holder);
    const wrong = [...(await isHeld(lab, number, 'before'))];
    for (const when of ['after one failover', 'after two']) {
      await cutPrimary(lab, san, await primaryOf(san));
      wrong.push(...(await isHeld(lab, number, when)));
      await bothCurrent(lab, san);
    }
    if ((await primaryOf(san)) !== first) wrong.push(`${first} does not serve again`);
    await clear(lab, await diskOf(lab, holder, number), holder);
    const left = await heldOn(lab, await diskOf(lab, other, number));
    if (left.keys.length > 0) wrong.push(`after it was cleared, registered are ${left.keys.join(', ')}`);
    for (const judge of [holder, other]) await logout(lab, judge, targetName, portal);
    await lab.node('client').run(`multipath -f "$(multipath -l -v1 ${wwid})"`);
    await san.deleteLun(NAME, first);
    await san.call(first, 'DELETE', `/hosts/${NAME}`);
    return { wrong, told: 'held before, after one failover and after two' };
  },
};
