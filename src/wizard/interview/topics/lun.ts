import { formatSize, parseSize } from '../../../api/schemas/index.ts';
import { bytes } from '../../../model/index.ts';
import { nodesOf, type Known, type Topic } from '../question.ts';
import { disks } from './disks.ts';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;
const MOST = 100 * GIBIBYTE;

/** The smaller of the two disks, in bytes; undefined where one is not known. */
function room(known: Known): number | undefined {
  const chosen = disks.answer(known).disks ?? {};
  const sizes = nodesOf(known).map(
    (machine) => machine.disks.find(({ path }) => path === chosen[machine.node])?.size,
  );
  return sizes.some((size) => size === undefined) ? undefined : Math.min(...sizes.map((size) => size ?? 0));
}

/** Half of the pool, whole gibibytes where there is one. */
function propose(known: Known): string {
  const half = Math.min(MOST, (room(known) ?? 2 * MOST) / 2);
  return half >= GIBIBYTE ? `${Math.floor(half / GIBIBYTE)}G` : `${Math.floor(half / MEBIBYTE)}M`;
}

function problem(known: Known, reply: string): string | undefined {
  if (reply === 'none') return undefined;
  const size = parseSize(reply);
  if (!size.ok) return size.failure.message;
  const most = room(known);
  return most !== undefined && size.value > most
    ? `the pool has only ${formatSize(most)}, and a little of that is for the mirror itself`
    : undefined;
}

export const lun: Topic = {
  questions: (known) =>
    known.given.lun === undefined
      ? [
          {
            id: 'lun',
            text: 'Size of the first LUN, or `none`',
            why: 'It is called lun1 and shown to the first host; more with `keelson lun create`.',
            kind: 'text',
            proposal: propose(known),
            check: (reply) => problem(known, reply),
          },
        ]
      : [],
  answer: ({ given, replies }) => {
    if (given.lun !== undefined) return { lun: given.lun };
    const size = parseSize(replies['lun'] ?? '');
    return { lun: size.ok ? { name: 'lun1', size: bytes(size.value) } : 'none' };
  },
};
