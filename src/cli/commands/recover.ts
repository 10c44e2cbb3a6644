import { formatSize } from '../../api/schemas/size.ts';
import type { OperationView, PoolView, SplitCopy, SplitView } from '../../model/index.ts';
import { inUtc } from '../../model/time-of-day.ts';
import { askForWords } from '../ask-words.ts';
import { usage } from '../failures.ts';
import { printable, printJson, table } from '../output.ts';
import type { Session } from '../program.ts';
import { follow } from '../wait.ts';

export interface RecoverOptions {
  readonly discard?: string;
  readonly acknowledge?: string;
  readonly wait: boolean;
}

const poolAt = (name: string): string => `/pools/${encodeURIComponent(name)}`;

/** Without a node to discard it only shows what each copy has. Throws the failure of the operation. */
export async function recover(session: Session, name: string, options: RecoverOptions): Promise<void> {
  const { discard, acknowledge, wait } = options;
  const client = await session.client();
  const { split } = (await client.ask({ method: 'GET', path: poolAt(name) })).body as PoolView;
  if (discard === undefined) {
    show(session, name, split);
    return;
  }
  // What is under way was confirmed before; what cannot be done is refused without a question.
  if (split !== undefined && split.discarding === undefined)
    await confirm(session, name, split, discard, acknowledge);
  const path = `${poolAt(name)}/recover`;
  const { operation: begun } = (await client.ask({ method: 'POST', path, body: { discard } })).body as {
    readonly operation: OperationView;
  };
  await follow(session, begun, {
    wait,
    during: `discarding what was written to pool ${name} on ${discard} (operation ${begun.id}); it goes on if you end this command, and the same command follows it again`,
    after: `Pool ${name} is whole again: both nodes have all the data.`,
  });
}

async function confirm(
  { output }: Session,
  name: string,
  { copies }: SplitView,
  discard: string,
  given: string | undefined,
): Promise<void> {
  const copy = copies.find(({ node }) => node === discard);
  // The API says what is wrong with it.
  if (copy === undefined || copy.serves) return;
  const words = `discard ${discard}`;
  const question = {
    words,
    warning: `What was written to pool ${name} on ${discard} since the copies parted (${amountOf(copy)}) is lost, and cannot be brought back.`,
    question: 'If that is what you want',
  };
  const said = given ?? (await askForWords(output, question));
  if (said.trim() !== words) throw usage(`nothing was changed: the words are '${words}'`);
}

const amountOf = ({ differs }: SplitCopy): string =>
  differs === undefined ? 'unknown' : formatSize(differs);

const hostsOf = ({ hosts }: SplitCopy): string =>
  hosts === undefined ? 'unknown' : hosts.length === 0 ? 'none now' : hosts.map(printable).join(', ');

function show({ output, json }: Session, name: string, split: SplitView | undefined): void {
  if (json) {
    printJson(output, split ?? {});
    return;
  }
  if (split === undefined) {
    output.print(`Pool ${name} is not split: no copy is known to have data that the other lacks.`);
    return;
  }
  const { since, apart, relation, copies, discarding } = split;
  const rows = copies.map((copy) => [
    copy.node,
    copy.serves ? 'yes' : 'no',
    amountOf(copy),
    hostsOf(copy),
    printable(copy.disk),
    printable(copy.connection),
  ]);
  output.print(
    [
      `Pool ${name} is split: each copy has data that the other lacks. Found ${inUtc(since)}; ${apart === undefined ? 'since when they differ is unknown' : `they differ since ${inUtc(apart)}`}.`,
      '',
      table(['COPY', 'SERVES', 'WRITTEN THERE SINCE', 'BY HOSTS', 'DISK', 'CONNECTION'], rows),
      '',
      ...(discarding === undefined
        ? choices(name, split)
        : [`What was written on ${discarding} is being discarded.`]),
      ...(relation === 'split'
        ? [
            '',
            'WRITTEN THERE SINCE counts blocks of 4 KiB, each once. BY HOSTS are those connected through the node now;',
            'what was written by hand, or by hosts that have gone since, nobody knows. Take a copy of what may be needed first.',
          ]
        : []),
    ].join('\n'),
  );
}

function choices(name: string, { relation, copies }: SplitView): string[] {
  if (relation === 'unrelated')
    return [
      'The copies have no past in common, and DRBD copies neither to the other. Have the disk of the one made new:',
      '  keelson node replace NODE --disk DISK --overwrite DISK',
    ];
  return copies.map(({ node, serves }) =>
    serves
      ? `To lose what was written on ${node}, which serves, end its service first: keelson node standby ${node} --force`
      : `To lose what was written on ${node}: keelson pool recover ${name} --discard ${node}`,
  );
}
