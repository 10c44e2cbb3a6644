import { expect, test } from 'vitest';

import { recorded } from '../graph/cluster.ts';
import { DUMMY, scoreCluster, scoresOf } from '../assign/phases.ts';

const INFINITY = 1_000_000;
const WEB = `<primitive id="web" ${DUMMY}/>`;
const PAIR = `<group id="pair"><primitive id="first" ${DUMMY}/><primitive id="second" ${DUMMY}/></group>`;

test('Everything may run everywhere; a location is a preference', () => {
  const scored = scoreCluster({
    resources: WEB,
    constraints: '<rsc_location id="home" rsc="web" node="south" score="50"/>',
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: 0, south: 50 });
  const [reason] = [...scored.contributions.values()].flat();
  expect(reason).toMatchObject({ kind: 'location', source: 'home', score: 50 });
});

test('Where nodes must be allowed one by one, a resource knows only those', () => {
  const scored = scoreCluster({
    properties: { 'symmetric-cluster': 'false' },
    resources: WEB,
    constraints: '<rsc_location id="home" rsc="web" node="south" score="50"/>',
  });
  expect(scoresOf(scored, 'web')).toEqual({ south: 50 });
});

test("A group's preference is its first member's, so that it counts once", () => {
  const scored = scoreCluster({
    resources: PAIR,
    constraints: '<rsc_location id="home" rsc="pair" node="south" score="50"/>',
  });
  expect(scoresOf(scored, 'first')).toEqual({ north: 0, south: 50 });
  expect(scoresOf(scored, 'second')).toEqual({ north: 0, south: 0 });
});

test('A rule finds its nodes by their attributes, and its score too', () => {
  const scored = scoreCluster({
    resources: WEB,
    constraints: `<rsc_location id="reach" rsc="web"><rule id="reach-rule" score-attribute="ping">
      <expression id="reach-any" attribute="ping" operation="defined"/></rule></rsc_location>
      <rsc_location id="away" rsc="web"><rule id="away-rule" score="-INFINITY">
      <expression id="away-none" attribute="ping" operation="not_defined"/></rule></rsc_location>`,
    attributes: { north: { ping: '300' } },
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: 300, south: -INFINITY });
});

test('A pattern means all resources at the top whose name it matches', () => {
  const scored = scoreCluster({
    resources: `${WEB}<primitive id="mail" ${DUMMY}/>`,
    constraints: '<rsc_location id="not-mail" rsc-pattern="!^mail" node="north" score="7"/>',
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: 7, south: 0 });
  expect(scoresOf(scored, 'mail')).toEqual({ north: 0, south: 0 });
});

test('A sick node is left, except by those who may stay on such nodes', () => {
  const scored = scoreCluster({
    properties: { 'node-health-strategy': 'migrate-on-red' },
    resources: `${WEB}<primitive id="watch" ${DUMMY}><meta_attributes id="watch-meta">
      <nvpair id="watch-sick" name="allow-unhealthy-nodes" value="true"/></meta_attributes></primitive>`,
    attributes: { north: { '#health-disk': 'red' } },
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: -INFINITY, south: 0 });
  expect(scoresOf(scored, 'watch')).toEqual({ north: 0, south: 0 });
});

test('What failed too often on a node may not run there', () => {
  const scored = scoreCluster({
    resources: `<primitive id="web" ${DUMMY}><meta_attributes id="web-meta">
      <nvpair id="web-limit" name="migration-threshold" value="3"/></meta_attributes></primitive>`,
    history: { north: recorded('web', DUMMY, 'start') },
    attributes: { north: { 'fail-count-web#monitor_10000': '3' } },
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: -INFINITY, south: 0 });
});

test('With shutdown locks, what runs on a leaving node waits for it', () => {
  const scored = scoreCluster({
    properties: { 'shutdown-lock': 'true' },
    resources: WEB,
    history: { north: recorded('web', DUMMY, 'start') },
    attributes: { north: { shutdown: '1699999000' } },
  });
  expect(scoresOf(scored, 'web')['south']).toBe(-INFINITY);
  expect([...scored.locks.values()]).toMatchObject([{ node: { name: 'north' }, since: 1_699_999_000 }]);
});

test('References to nothing become findings, and the rest still counts', () => {
  const scored = scoreCluster({
    resources: WEB,
    constraints: `<rsc_location id="ghost" rsc="nobody" node="north" score="1"/>
      <rsc_location id="nowhere" rsc="web" node="east" score="1"/>
      <rsc_colocation id="alone" rsc="web" with-rsc="nobody" score="INFINITY"/>
      <rsc_location id="home" rsc="web" node="south" score="50"/>`,
  });
  expect(scored.findings.map(({ code, place }) => [code, place])).toEqual([
    ['unknown_reference', "constraint 'ghost'"],
    ['unknown_reference', "constraint 'nowhere'"],
    ['unknown_reference', "constraint 'alone'"],
  ]);
  expect(scoresOf(scored, 'web')).toEqual({ north: 0, south: 50 });
});

test('Must and must not on the same node: it must not, and that is told', () => {
  const scored = scoreCluster({
    resources: WEB,
    constraints: `<rsc_location id="must" rsc="web" node="north" score="INFINITY"/>
      <rsc_location id="never" rsc="web" node="north" score="-INFINITY"/>`,
  });
  expect(scoresOf(scored, 'web')).toEqual({ north: -INFINITY, south: 0 });
  expect(scored.findings.map(({ code }) => code)).toEqual(['contradictory_scores']);
});
