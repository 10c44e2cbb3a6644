import type { StatusView, ThinView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import { bothCurrent, otherThan, primaryOf } from '../../trial/failover.ts';
import { attachLun, toldBy } from '../../trial/host.ts';
import { interruptCreate, type Victim } from '../../trial/interrupted-create.ts';
import type { San } from '../../trial/san.ts';
import { SERVED_AGAIN, type Scenario } from './scenario.ts';

const NAME = 'thin';
const LOST = 'thin-lost';
/** More than the pool of the lab has, and less than ten times as much. */
const SIZE = '4GiB';
const SMALL = '16MiB';
/** Milliseconds: some monitors, under emulation. */
const SEEN = 180_000;
const MIB = 2 ** 20;

const thinOf = ({ pools }: StatusView): ThinView | undefined => pools.find(({ thin }) => thin)?.thin;

/** Of what is on the device from the start, so many MiB. */
const checksum = async (lab: Lab, device: string, mib: number): Promise<string> =>
  (
    await lab
      .node('client')
      .demand(`dd if=${device} bs=1M count=${mib} iflag=direct status=none | sha256sum | cut -c1-64`)
  ).trim();

async function fill(lab: Lab, san: San, device: string): Promise<number> {
  const before = thinOf(
    await san.waitFor('the thin pool is told of', SEEN, (status) => thinOf(status) !== undefined),
  );
  const first = before?.size ?? 0;
  // Three quarters of what the pool has: it is extended from 70 % on.
  const mib = Math.ceil((first * 0.75) / MIB);
  await lab
    .node('client')
    .demand(`dd if=/dev/urandom of=${device} bs=1M count=${mib} oflag=direct conv=notrunc status=none`, {
      timeout: 600_000,
    });
  await san.waitFor('the thin pool is extended', SEEN, (status) => (thinOf(status)?.size ?? 0) > first);
  return mib;
}

/**
 * A thin LUN larger than the pool: it fills, what it lies on is extended, it goes with a failover with its data, and
 * what the host gives back is there for others again. Meanwhile others are made, and interrupted.
 */
export const thin: Scenario = {
  name: 'thin',
  what: 'a thin LUN is filled until its pool is extended, others are made while processes are killed, and the node that serves is cut',
  run: async (lab, san) => {
    const wrong: string[] = [];
    const node = await primaryOf(san);
    const { wwid } = await san.createLun(NAME, SIZE, node, { thin: true });
    const device = await attachLun(lab, wwid, await toldBy(san));
    const mib = await fill(lab, san, device);
    const written = await checksum(lab, device, mib);
    for (const victim of ['agent hosts', 'engine'] satisfies Victim[])
      wrong.push(...(await interruptCreate(lab, san, node, victim, `thin-${victim[0]}`, { thin: true })));
    const other = otherThan(node);
    // The node is lost while one more is being made.
    const asked = san
      .call(node, 'POST', '/luns', { name: LOST, size: SMALL, thin: true })
      .catch(() => undefined);
    await lab.node(node).powerCut();
    await san.waitFor(
      `${other} serves the thin LUN`,
      SERVED_AGAIN,
      ({ luns }) => luns.some(({ name, servedBy }) => name === NAME && servedBy === other),
      other,
    );
    await asked;
    const isKnown = ({ pools }: StatusView): boolean => pools.every(({ free }) => free !== undefined);
    await san.waitFor('it is known what is free', SEEN, isKnown, other);
    await san.createLun(LOST, SMALL, other, { thin: true });
    if ((await checksum(lab, device, mib)) !== written) wrong.push('the thin LUN has other data than before');
    const used = thinOf(await san.status(other))?.usedPercent ?? 0;
    await lab.node('client').demand(`blkdiscard --force ${device}`, { timeout: 600_000 });
    const after = await san.waitFor(
      'what the host gave back is free',
      SEEN,
      (status) => (thinOf(status)?.usedPercent ?? 100) < Math.max(1, used),
      other,
    );
    await bothCurrent(lab, san);
    await lab.node('client').demand(`multipath -f "$(multipath -l -v1 ${wwid})"`);
    for (const name of [NAME, LOST, 'thin-a', 'thin-e']) await san.deleteLun(name, other);
    return {
      wrong,
      told: `${mib} MiB written; ${used} % used before the host gave it back, ${thinOf(after)?.usedPercent ?? 0} % after`,
    };
  },
};
