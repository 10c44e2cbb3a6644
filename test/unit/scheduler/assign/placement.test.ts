import { expect, test } from 'vitest';

import { ROLE } from '../../../../src/engine/scheduler/unpack/resource.ts';
import { recorded } from '../graph/cluster.ts';
import { assignCluster, assignmentOf, DUMMY, placeOf } from './phases.ts';

const primitive = (id: string, inside = ''): string => `<primitive id="${id}" ${DUMMY}>${inside}</primitive>`;
const meta = (id: string, name: string, value: string): string =>
  `<meta_attributes id="${id}-meta"><nvpair id="${id}-${name}" name="${name}" value="${value}"/></meta_attributes>`;
const group = (id: string, members: string): string => `<group id="${id}">${members}</group>`;

test('Resources are spread evenly over nodes that are as good as each other', () => {
  const assigned = assignCluster({ resources: ['a', 'b', 'c'].map((id) => primitive(id)).join('') });
  expect(['a', 'b', 'c'].map((id) => placeOf(assigned, id))).toEqual(['north', 'south', 'north']);
});

test('What runs stays where it is as long as that is worth more', () => {
  const cluster = (preference: string) => ({
    resources: primitive('web', meta('web', 'resource-stickiness', '100')),
    constraints: `<rsc_location id="home" rsc="web" node="south" score="${preference}"/>`,
    history: { north: recorded('web', DUMMY, 'start') },
  });
  expect(placeOf(assignCluster(cluster('99')), 'web')).toBe('north');
  expect(placeOf(assignCluster(cluster('101')), 'web')).toBe('south');
});

test("A follower's wish counts for whom it follows, in proportion", () => {
  const cluster = (score: string) => ({
    resources: `${primitive('base')}${primitive('web')}`,
    constraints: `<rsc_colocation id="near" rsc="web" with-rsc="base" score="${score}"/>
      <rsc_location id="base-home" rsc="base" node="north" score="60"/>
      <rsc_location id="web-home" rsc="web" node="south" score="100"/>`,
  });
  expect(placeOf(assignCluster(cluster('INFINITY')), 'base')).toBe('south');
  expect(placeOf(assignCluster(cluster('500000')), 'base')).toBe('north');
});

test('Who must be with something that runs nowhere runs nowhere', () => {
  const assigned = assignCluster({
    resources: `${primitive('base', meta('base', 'target-role', 'Stopped'))}${primitive('web')}`,
    constraints: '<rsc_colocation id="near" rsc="web" with-rsc="base" score="INFINITY"/>',
  });
  expect(assignmentOf(assigned, 'web')).toMatchObject({ node: undefined, nextRole: ROLE.stopped });
  expect(assignmentOf(assigned, 'web').contributions[0]).toMatchObject({
    kind: 'colocation',
    source: 'near',
  });
});

test('To keep apart is not worth running nowhere', () => {
  const assigned = assignCluster({
    resources: `${primitive('base')}${primitive('web')}`,
    constraints: `<rsc_colocation id="apart" rsc="web" with-rsc="base" score="-100"/>
      <rsc_location id="base-home" rsc="base" node="north" score="1000"/>`,
    lost: ['south'],
  });
  expect(placeOf(assigned, 'web')).toBe('north');
});

test('The members of a group go together, where the sum of their wishes is best', () => {
  const assigned = assignCluster({
    resources: group('stack', ['a', 'b', 'c'].map((id) => primitive(id)).join('')),
    constraints: `<rsc_location id="a-home" rsc="a" node="north" score="100"/>
      <rsc_location id="b-home" rsc="b" node="south" score="60"/>
      <rsc_location id="c-home" rsc="c" node="south" score="60"/>`,
  });
  expect(['a', 'b', 'c'].map((id) => placeOf(assigned, id))).toEqual(['south', 'south', 'south']);
});

test('A member that may run nowhere keeps those behind it from running, not those before it', () => {
  const assigned = assignCluster({
    resources: group('stack', ['a', 'b', 'c'].map((id) => primitive(id)).join('')),
    constraints: `<rsc_location id="b-north" rsc="b" node="north" score="-INFINITY"/>
      <rsc_location id="b-south" rsc="b" node="south" score="-INFINITY"/>`,
  });
  expect(['a', 'b', 'c'].map((id) => placeOf(assigned, id))).toEqual(['north', undefined, undefined]);
});

test('Two who follow each other are assigned all the same', () => {
  const assigned = assignCluster({
    resources: `${primitive('hen')}${primitive('egg')}`,
    constraints: `<rsc_colocation id="one" rsc="hen" with-rsc="egg" score="INFINITY"/>
      <rsc_colocation id="two" rsc="egg" with-rsc="hen" score="INFINITY"/>
      <rsc_location id="home" rsc="hen" node="south" score="10"/>`,
  });
  expect([placeOf(assigned, 'hen'), placeOf(assigned, 'egg')]).toEqual(['south', 'south']);
});

test('Where capacity counts, nothing goes where there is no room for it', () => {
  const needs = (id: string, amount: number): string =>
    primitive(
      id,
      `<utilization id="${id}-use"><nvpair id="${id}-memory" name="memory" value="${String(amount)}"/></utilization>`,
    );
  const assigned = assignCluster({
    properties: { 'placement-strategy': 'utilization' },
    memory: 10,
    resources: `${needs('a', 7)}${needs('b', 7)}${needs('c', 7)}`,
  });
  expect(['a', 'b', 'c'].map((id) => placeOf(assigned, id))).toEqual(['north', 'south', undefined]);
});

test('stop-all-resources stops what runs', () => {
  const assigned = assignCluster({
    properties: { 'stop-all-resources': 'true' },
    resources: primitive('web'),
    history: { north: recorded('web', DUMMY, 'start') },
  });
  expect(assignmentOf(assigned, 'web')).toMatchObject({ node: undefined, because: 'stop-all-resources' });
});
