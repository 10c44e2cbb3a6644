import type { Diagnosis, DoctorReport, Verdict, Weight } from '../model/index.ts';
import { printable } from './output.ts';

const words: Readonly<Record<Weight, string>> = { forbids: 'FORBIDS', warns: 'warns', informs: 'informs' };

/** First how it stands, then everything that was found, worst first, each with the way to mend it. */
export function renderReport(report: DoctorReport): string {
  const { diagnoses, verdicts } = report;
  return [
    summary(report),
    ...verdicts.flatMap(verdict),
    ...diagnoses.flatMap((one) => ['', ...linesOf(one)]),
  ].join('\n');
}

const verdict = ({ node, survives, because }: Verdict): readonly string[] => [
  `${survives ? 'The loss of' : 'THE LOSS OF'} ${printable(node)} now ${survives ? 'would be survived' : 'WOULD NOT BE SURVIVED'}, because`,
  ...because.map((reason) => `  ${printable(reason)}`),
];

function summary({ by, clusterName, nodes, diagnoses, verdicts }: DoctorReport): string {
  const where =
    clusterName === undefined ? `${by}, which belongs to no cluster yet` : `cluster ${clusterName}`;
  const looked = nodes.filter(({ examined }) => examined).map(({ node }) => node);
  const count = (weight: Weight): number => diagnoses.filter((one) => one.weight === weight).length;
  const counts = `${count('forbids')} forbid, ${count('warns')} warn, ${count('informs')} inform`;
  const isReady = count('forbids') === 0 && verdicts.every(({ survives }) => survives);
  return [
    !isReady ? 'NOT READY.' : count('warns') === 0 ? 'Nothing to mend.' : 'Something to mend.',
    `${where}; looked at ${looked.join(', ')}: ${counts}`,
  ].join('\n');
}

const linesOf = ({ code, weight, node, found, why, mend }: Diagnosis): readonly string[] => [
  `${words[weight]}: ${node === undefined ? '' : `${printable(node)}: `}${printable(found)} (${printable(code)})`,
  `  why: ${printable(why)}`,
  ...(weight === 'informs' ? [] : [`  mend: ${printable(mend)}`]),
];
