import { formatSize } from '../../../api/schemas/index.ts';
import type { MachineDisk, MachineView } from '../../../model/index.ts';
import { choiceCheck, nodesOf, type Known, type Question, type Topic } from '../question.ts';

/** A disk that carries nothing, under a name that stays the same. */
interface FreeDisk extends MachineDisk {
  readonly path: string;
}

/** The largest first: a small one is seldom what should be mirrored. */
export const freeDisks = ({ disks }: MachineView): readonly FreeDisk[] =>
  disks
    .filter((disk): disk is FreeDisk => disk.taken === undefined && disk.path !== undefined)
    .toSorted((one, other) => other.size - one.size);

const idOf = ({ node }: MachineView): string => `disk-${node}`;

const isAsked = ({ given }: Known, machine: MachineView): boolean =>
  given.disks?.[machine.node] === undefined && freeDisks(machine).length > 1;

function question(machine: MachineView): Question {
  const choices = freeDisks(machine).map(({ path, device, size }) => ({
    value: path,
    label: `${path} (${device}, ${formatSize(size)})`,
  }));
  return {
    id: idOf(machine),
    text: `Disk of ${machine.node} to mirror`,
    why: 'All of it becomes part of the SAN; only disks that seem to carry nothing are offered.',
    kind: 'choice',
    choices,
    ...(choices[0] === undefined ? {} : { proposal: choices[0].value }),
    check: choiceCheck(choices),
  };
}

function why({ node, disks }: MachineView): string {
  const seen = disks.map(
    ({ device, taken }) =>
      `${device}: ${taken ?? 'it has no name below /dev/disk/by-id (give it a serial number)'}`,
  );
  return `${node} has no disk that carries nothing: ${seen.join('; ') || 'there is no disk'}`;
}

export const disks: Topic = {
  obstacle: (known) => {
    const without = nodesOf(known).find(
      (machine) => known.given.disks?.[machine.node] === undefined && freeDisks(machine).length === 0,
    );
    return without && why(without);
  },
  questions: (known) =>
    nodesOf(known)
      .filter((machine) => isAsked(known, machine))
      .map(question),
  answer: (known) => ({
    disks: Object.fromEntries(
      nodesOf(known).map((machine) => [
        machine.node,
        known.given.disks?.[machine.node] ??
          (isAsked(known, machine) ? known.replies[idOf(machine)] : freeDisks(machine)[0]?.path) ??
          '',
      ]),
    ),
  }),
};
