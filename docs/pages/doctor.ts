import { checks, weights } from '../../src/model/index.ts';
import { generated, markdownTable } from './markdown.ts';

export function doctorPage(): string {
  const rows = Object.entries(checks)
    .toSorted(
      ([left, { weight }], [right, { weight: other }]) =>
        weights.indexOf(weight) - weights.indexOf(other) || (left < right ? -1 : 1),
    )
    .map(([code, { weight, why, mend }]) => [`\`${code}\``, weight, why, mend]);
  return `${generated}

# Checks of the doctor

\`keelson doctor\` and \`POST /api/v1/doctor\` look at the machine, before there is a cluster and in one, and change
nothing. In a cluster every node looks at itself and at the ways to the others, and it is said for each node whether its
loss now would be survived, and why. What they find has a code that never changes its meaning, what was seen, why it
matters and how to mend it.

- \`forbids\`: a set-up, or a failover, would fail or endanger data;
- \`warns\`: it works, and something is not as it should be;
- \`informs\`: nothing is wrong.

In a cluster the problems of the status are told too, by the codes of [status.md](status.md) and
[errors.md](errors.md): \`attention\` warns, everything worse forbids. The command ends with 0 where there is nothing to
mend, with 4 where something warns, and with 5 where something forbids or the loss of a node would not be survived.

Each node looks at itself once a day too, for the first time an hour after its engine has started; what forbids or warns
then stands in the status as \`doctor_found\` until a look finds it no more, whoever asks for it, and one an hour later
at the latest.

${markdownTable(['Code', 'Weight', 'Why it matters', 'How to mend it'], rows)}
`;
}
