import type { Finding } from '../../../../model/index.ts';

/**
 * What waits for what, and which constraint says it; `undefined` where it lies in the nature of things (members of a
 * group, promoting after starting). Keys: `drbd_promote`.
 */
export interface Waiting {
  readonly first: string;
  readonly then: string;
  readonly constraint: string | undefined;
}

interface Step {
  readonly key: string;
  /** How many of the edges that leave it have been followed. */
  followed: number;
}

/**
 * Order constraints that run in a circle: each action in it waits for itself, so that none of them happens when all are
 * due at the same time. Nothing is changed; people are told. One finding for each circle that is closed, cost linear.
 */
export function findCircles(edges: readonly Waiting[]): readonly Finding[] {
  const leaving = new Map<string, Waiting[]>();
  for (const edge of edges) {
    const known = leaving.get(edge.first);
    if (known === undefined) leaving.set(edge.first, [edge]);
    else known.push(edge);
  }
  const findings: Finding[] = [];
  const finished = new Set<string>();
  for (const start of leaving.keys()) {
    if (!finished.has(start)) findings.push(...walk(start, leaving, finished));
  }
  return findings;
}

function walk(
  start: string,
  leaving: ReadonlyMap<string, readonly Waiting[]>,
  finished: Set<string>,
): readonly Finding[] {
  const findings: Finding[] = [];
  const path: Step[] = [{ key: start, followed: 0 }];
  const positions = new Map([[start, 0]]);
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const edge = leaving.get(step.key)?.[step.followed];
    step.followed += 1;
    if (edge === undefined) {
      finished.add(step.key);
      positions.delete(step.key);
      path.pop();
      continue;
    }
    const position = positions.get(edge.then);
    if (position !== undefined) {
      findings.push(tell(edge, path.slice(position), leaving));
    } else if (!finished.has(edge.then)) {
      positions.set(edge.then, path.length);
      path.push({ key: edge.then, followed: 0 });
    }
  }
  return findings;
}

/** The constraint that closes the circle, or else the last one in it, is to blame. */
function tell(
  edge: Waiting,
  circle: readonly Step[],
  leaving: ReadonlyMap<string, readonly Waiting[]>,
): Finding {
  const constraints = circle.map(({ key, followed }) => leaving.get(key)?.[followed - 1]?.constraint);
  const blamed = edge.constraint ?? constraints.findLast((id) => id !== undefined) ?? '';
  const names = [...circle.map(({ key }) => key), edge.then].join(' -> ');
  return {
    code: 'order_cycle',
    place: `order '${blamed}'`,
    message: `It closes a circle (${names}): none of these can happen while all of them are due.`,
  };
}
