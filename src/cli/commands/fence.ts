import type { FenceDeviceView, NodeView } from '../../model/index.ts';
import { askForWords } from '../ask-words.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';

export async function list(session: Session): Promise<void> {
  const client = await session.client();
  const nodes = (await client.ask({ method: 'GET', path: '/nodes' })).body as readonly NodeView[];
  if (session.json) {
    printJson(
      session.output,
      nodes.map(({ name, fencing, fenceDevices, fenceTest, fenceWaiver }) => ({
        node: name,
        fencing,
        fenceDevices,
        fenceTest,
        fenceWaiver,
      })),
    );
    return;
  }
  const rows = nodes.flatMap(({ name, fenceDevices }) =>
    fenceDevices.length === 0
      ? [[name, '', '', '', 'missing', '', 'it could not be fenced']]
      : fenceDevices.map((device) => rowOf(name, device)),
  );
  session.output.print(table(['NODE', 'LEVEL', 'DEVICE', 'KIND', 'STATE', 'TESTED', ''], rows));
}

const rowOf = (
  node: string,
  { name, level, kind, state, by, failure, proof, sharesPower, testOnly }: FenceDeviceView,
): readonly string[] => [
  node,
  String(level),
  name,
  kind,
  state,
  proof === undefined ? 'never' : new Date(proof.testedAt).toISOString().slice(0, 10),
  [
    ...(failure !== undefined ? [printable(failure.message)] : by === undefined ? [] : [`as ${by} saw it`]),
    ...(sharesPower === true ? ['shares the power of its node'] : []),
    ...(testOnly === true ? ['only for tests'] : []),
  ].join('; '),
];

export async function confirm(session: Session, node: string, given: string | undefined): Promise<void> {
  const acknowledgement =
    given ??
    (await askForWords(session.output, {
      words: `${node} is off`,
      warning:
        'Look at the machine itself, or at its power. If it still runs, both nodes write, and data is lost.',
      question: 'If it has no power',
    }));
  const client = await session.client();
  const path = `/nodes/${encodeURIComponent(node)}/confirm-off`;
  const { body } = await client.ask({ method: 'POST', path, body: { acknowledgement } });
  if (session.json) printJson(session.output, body);
  else session.output.print(`${node} is taken for off; what it ran is started elsewhere.`);
}
