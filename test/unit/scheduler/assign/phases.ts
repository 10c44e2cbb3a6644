import { createHash } from 'node:crypto';

import { assign } from '../../../../src/engine/scheduler/assign/assign.ts';
import type { Assigned, Assignment } from '../../../../src/engine/scheduler/assign/assigned.ts';
import { score } from '../../../../src/engine/scheduler/score/score.ts';
import type { Scored } from '../../../../src/engine/scheduler/score/scored.ts';
import type { Resource } from '../../../../src/engine/scheduler/unpack/resource.ts';
import { unpack } from '../../../../src/engine/scheduler/unpack/unpack.ts';
import { readCib } from '../../../../src/formats/cib/index.ts';
import { cibText, type Cluster } from '../graph/cluster.ts';

export const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';

export function scoreCluster(cluster: Cluster): Scored {
  const read = readCib(cibText(cluster));
  if (!read.ok) throw new Error(read.finding.message);
  return score(
    unpack({
      document: read.document,
      now: 1_700_000_000,
      utcOffset: 0,
      md5: (text) => createHash('md5').update(text).digest('hex'),
      withScores: false,
    }),
  );
}

export function assignCluster(cluster: Cluster): Assigned {
  return assign(scoreCluster(cluster));
}

export function resourceNamed(scored: Scored, id: string): Resource {
  const found = scored.unpacked.all.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`no resource ${id}`);
  return found;
}

/** Scores of a resource by node name. */
export function scoresOf(scored: Scored, id: string): Record<string, number> {
  const table = scored.scores[resourceNamed(scored, id).index] ?? [];
  return Object.fromEntries([...table].map(([node, found]) => [node.name, found]));
}

export function assignmentOf(assigned: Assigned, id: string): Assignment {
  const found = assigned.assignments[resourceNamed(assigned.scored, id).index];
  if (found === undefined) throw new Error(`no assignment of ${id}`);
  return found;
}

/** The name of the node where a primitive will be. */
export function placeOf(assigned: Assigned, id: string): string | undefined {
  return assignmentOf(assigned, id).node?.name;
}
