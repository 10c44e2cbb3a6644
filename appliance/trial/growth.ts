import { setTimeout as wait } from 'node:timers/promises';
import type { AfterGrow, LunView, OperationView } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';
import type { San } from './san.ts';

/** The API may be away while a process is replaced, or a node is fenced. */
const FINISHED = 300_000;

interface Grown {
  readonly lun: LunView;
  readonly operation?: OperationView;
  readonly afterGrow: AfterGrow;
}

/** Asks any node, again and again, until the LUN has the size; as a person would who gets no answer. */
export async function growUntilDone(san: San, name: string, size: number): Promise<Grown> {
  const end = performance.now() + FINISHED;
  let last = '';
  while (performance.now() < end) {
    for (const node of storageNodeNames) {
      const answer = await san
        .call(node, 'PATCH', `/luns/${name}?wait=10`, { size })
        .catch((error: unknown) => ({ status: 0, body: String(error) }));
      if (answer.status === 200 && (answer.body as Grown).lun.size === size) return answer.body as Grown;
      last = `${node} answered ${answer.status}: ${JSON.stringify(answer.body)}`;
    }
    await wait(1000);
  }
  throw new LabError(
    'command-failed',
    `LUN ${name} does not grow to ${size}: ${last}`,
    'See keelson-api’s log.',
  );
}

/** Of a volume: what LVM's metadata says, and what its device has, in bytes. */
export async function sizesOf(
  lab: Lab,
  node: StorageNodeName,
  name: string,
): Promise<{ readonly recorded: number; readonly mapped: number; readonly suspended: string }> {
  const recorded = await lab
    .node(node)
    .demand(
      `lvs --noheadings --nosuffix --units b --options lv_size --devices /dev/drbd0 --select lv_name=${name} | tr -d ' '`,
    );
  const device = (
    await lab.node(node).demand(`dmsetup ls | awk '/-${name}[[:space:]]/ { print $1; exit }'`)
  ).trim();
  const mapped = await lab.node(node).demand(`blockdev --getsize64 /dev/mapper/${device}`);
  const suspended = await lab
    .node(node)
    .demand(`dmsetup info --columns --noheadings --options suspended ${device}`);
  return { recorded: Number(recorded), mapped: Number(mapped), suspended: suspended.trim() };
}

/** The size of the host's multipath device, in bytes, after it was told to look as Keelson says. */
export async function sizeOnHost(lab: Lab, wwid: string, { linux }: AfterGrow): Promise<number> {
  const said = await lab.node('client').demand(`set -eu
${linux.map((command) => `${command} >&2`).join('\n')}
blockdev --getsize64 "/dev/mapper/$(multipath -l -v1 ${wwid})"`);
  return Number(said);
}
