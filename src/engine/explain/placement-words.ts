import { INFINITY } from '../scheduler/rules/values.ts';
import type { Node } from '../scheduler/unpack/node.ts';
import { ROLE, type Resource, type Role } from '../scheduler/unpack/resource.ts';

/** A score as people write it. */
export const scoreText = (score: number): string => {
  if (score >= INFINITY) return 'INFINITY';
  return score <= -INFINITY ? '-INFINITY' : String(score);
};

export const isForbidding = (score: number): boolean => score <= -INFINITY;

/** `a, b and c` */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

export const nodeNames = (nodes: readonly Node[]): string => listed(nodes.map(({ name }) => name));

const doing: Readonly<Record<Role, string>> = {
  [ROLE.unknown]: 'is in an unknown state',
  [ROLE.stopped]: 'does not run',
  [ROLE.started]: 'runs',
  [ROLE.unpromoted]: 'runs unpromoted',
  [ROLE.promoted]: 'is promoted',
};

/** `runs`, `is promoted`, ... */
export const doingAs = (role: Role): string => doing[role];

/** The clone or group at the top, or the resource itself. */
export const topOf = (resource: Resource): Resource => {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
};

/** The resource and all it belongs to, from the inside. */
export const withAncestors = (resource: Resource): readonly Resource[] => {
  const found: Resource[] = [];
  for (let one: Resource | undefined = resource; one !== undefined; one = one.parent) found.push(one);
  return found;
};

/** `lun1`, or `lun1 (of san)` */
export const nameOf = (resource: Resource): string =>
  resource.parent === undefined ? resource.id : `${resource.id} (of ${resource.parent.id})`;
