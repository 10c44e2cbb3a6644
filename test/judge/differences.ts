import type { Kind } from './compare.ts';
import type { Verdict } from './table.ts';

/** What counts for the verdict. */
const JUDGED: readonly Kind[] = ['summary', 'actions', 'edges', 'scores'];

const CONTAINERS = 'a resource inside a container resource (nagios): a shape that Keelson does not have';
const REMOTE = 'remote or guest nodes, which are not members of the cluster: Keelson has none';

/** The cases on which we differ, all of them, each with the reason. */
export const knownDifferences: Readonly<Record<string, string>> = {
  'container-1': CONTAINERS,
  'container-2': CONTAINERS,
  'container-3': CONTAINERS,
  'container-4': CONTAINERS,
  'container-group-1': CONTAINERS,
  'container-group-2': CONTAINERS,
  'container-group-3': CONTAINERS,
  'container-group-4': CONTAINERS,
  'whitebox-orphan-ms': REMOTE,
  'remote-orphaned': REMOTE,
  'promoted-with-blocked':
    'the recorded summary has other column widths than Pacemaker 2.1.5 prints for the same input; ours are the live ones',
};

/** Complaints: cases that differ and are not listed, and listed ones that agree in everything. */
export const surprises = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap(({ name, equal }) => {
    const differs = JUDGED.filter((kind) => !equal.has(kind));
    const isKnown = Object.hasOwn(knownDifferences, name);
    if (differs.length > 0 && !isKnown)
      return [`${name} differs in ${differs.join(', ')}, and nobody said why`];
    return differs.length === 0 && isKnown ? [`${name} is listed as different and agrees`] : [];
  });
