import { expect, test } from 'vitest';

import type { Scored } from '../../../../src/engine/scheduler/score/scored.ts';
import { DUMMY, scoreCluster } from '../assign/phases.ts';

const FOUR = ['a', 'b', 'c', 'd'].map((id) => `<primitive id="${id}" ${DUMMY}/>`).join('');

function pairs(scored: Scored): readonly string[] {
  return scored.colocations.map(
    ({ dependent, primary, score: found }) => `${dependent.id} with ${primary.id} ${String(found)}`,
  );
}

function set(id: string, members: readonly string[], fields = ''): string {
  const references = members.map((member) => `<resource_ref id="${member}"/>`).join('');
  return `<resource_set id="${id}" ${fields}>${references}</resource_set>`;
}

test('The members of a set follow each other, and a set follows the next one', () => {
  const scored = scoreCluster({
    resources: FOUR,
    constraints: `<rsc_colocation id="all" score="5">${set('left', ['a', 'b'])}${set('right', ['c', 'd'])}</rsc_colocation>`,
  });
  expect(pairs(scored)).toEqual(['b with a 5', 'd with c 5', 'a with d 5']);
});

test('The members of a set side by side follow the next set each by himself', () => {
  const scored = scoreCluster({
    resources: FOUR,
    constraints: `<rsc_colocation id="all" score="5">${set('left', ['a', 'b', 'c'], 'sequential="false"')}${set('right', ['d'])}</rsc_colocation>`,
  });
  expect(pairs(scored)).toEqual(['a with d 5', 'b with d 5', 'c with d 5']);
});

test('In a set that keeps apart, everyone avoids everyone', () => {
  const scored = scoreCluster({
    resources: FOUR,
    constraints: `<rsc_colocation id="apart" score="-5">${set('three', ['a', 'b', 'c'])}</rsc_colocation>`,
  });
  expect(pairs(scored)).toEqual(['b with a -5', 'c with a -5', 'c with b -5']);
});

test('Members of a group follow the one before, unless the group may be spread', () => {
  const scored = scoreCluster({
    resources: `<group id="near"><primitive id="a" ${DUMMY}/><primitive id="b" ${DUMMY}/></group>
      <group id="far"><meta_attributes id="far-meta"><nvpair id="far-spread" name="collocated" value="false"/></meta_attributes>
      <primitive id="c" ${DUMMY}/><primitive id="d" ${DUMMY}/></group>`,
  });
  expect(pairs(scored)).toEqual(['b with a 1000000']);
});
