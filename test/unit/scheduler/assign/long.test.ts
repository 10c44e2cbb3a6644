import { expect, test } from 'vitest';

import type { Assigned } from '../../../../src/engine/scheduler/assign/assigned.ts';
import { assignCluster, DUMMY } from './phases.ts';

const LENGTH = 5000;
const IDS = Array.from({ length: LENGTH }, (_, index) => `r${String(index).padStart(4, '0')}`);
const primitives = (ids: readonly string[]): string =>
  ids.map((id) => `<primitive id="${id}" ${DUMMY}/>`).join('');

function countOn(assigned: Assigned, name: string): number {
  return assigned.assignments.filter(({ node }) => node?.name === name).length;
}

/** What the last one wishes has to come through to the first one, past all between. */
const LAST_WISH = `<rsc_location id="wish" rsc="${IDS.at(-1) ?? ''}" node="south" score="3"/>`;

test('A group of thousands goes where its last member wants to be', () => {
  const assigned = assignCluster({
    resources: `<group id="all">${primitives(IDS)}</group>`,
    constraints: LAST_WISH,
  });
  expect(countOn(assigned, 'south')).toBe(LENGTH);
});

test('So does a chain of colocations, written in the wrong order', () => {
  const follow = (id: string, index: number): string =>
    index === 0
      ? ''
      : `<rsc_colocation id="c-${id}" rsc="${id}" with-rsc="${IDS[index - 1] ?? ''}" score="INFINITY"/>`;
  const assigned = assignCluster({
    resources: primitives(IDS.toReversed()),
    constraints: IDS.map(follow).join('') + LAST_WISH,
  });
  expect(countOn(assigned, 'south')).toBe(LENGTH);
});

test('A member that is banned everywhere stops all behind it, and only those', () => {
  const middle = IDS[LENGTH / 2] ?? '';
  const earlier = IDS[LENGTH / 4] ?? '';
  const assigned = assignCluster({
    resources: `<group id="all">${primitives(IDS)}</group>`,
    constraints: `<rsc_location id="ban-north" rsc="${middle}" node="north" score="-INFINITY"/>
      <rsc_location id="ban-south" rsc="${earlier}" node="south" score="-INFINITY"/>${LAST_WISH}`,
  });
  expect(countOn(assigned, 'north')).toBe(LENGTH / 2);
  expect(countOn(assigned, 'south')).toBe(0);
});
