import { expect, test } from 'vitest';

import { summarise, type Transition } from '../../../../src/engine/scheduler/index.ts';
import { recorded, scheduleCluster } from './cluster.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';

function primitive(id: string, meta: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(meta).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return `<primitive id="${id}" ${DUMMY}><meta_attributes id="${id}-meta">${pairs.join('')}</meta_attributes></primitive>`;
}

test('A new resource starts, without a reason', () => {
  const transition = scheduleCluster({ resources: primitive('web') });
  expect(told(transition)).toEqual(['Start web ( north )']);
});

test('A resource leaves a node in standby', () => {
  const transition = scheduleCluster({
    resources: primitive('web'),
    history: { south: recorded('web', DUMMY, 'start') },
    attributes: { south: { standby: 'on' } },
  });
  expect(told(transition)).toEqual(['Move web ( south -> north )']);
});

test('A resource stops because an administrator wants it so', () => {
  const transition = scheduleCluster({
    resources: primitive('web', { 'target-role': 'Stopped' }),
    history: { north: recorded('web', DUMMY, 'start') },
  });
  expect(told(transition)).toEqual(['Stop web ( north ) due to node availability']);
});

test('What nobody manages has no line, whatever is wanted of it', () => {
  const transition = scheduleCluster({
    resources: primitive('web', { 'target-role': 'Stopped', 'is-managed': 'false' }),
    history: { north: recorded('web', DUMMY, 'start') },
  });
  expect(told(transition)).toEqual([]);
});

test('A lost node is fenced, and what ran there moves', () => {
  const transition = scheduleCluster({
    properties: { 'stonith-enabled': 'true' },
    resources: `${primitive('web')}<primitive id="power" class="stonith" type="fence_ipmilan"/>`,
    history: {
      north: recorded('web', DUMMY, 'start'),
      south: recorded('power', 'class="stonith" type="fence_ipmilan"', 'start'),
    },
    lost: ['north'],
  });
  expect(told(transition)).toEqual([
    "Fence (reboot) north 'peer is no longer part of the cluster'",
    'Move web ( north -> south )',
  ]);
});

test('What waits for something that does not start is told as blocked', () => {
  const resources = primitive('base', { 'target-role': 'Stopped' }) + primitive('web');
  const constraints = '<rsc_order id="base-first" first="base" then="web"/>';
  expect(told(scheduleCluster({ resources, constraints }))).toEqual([
    'Start web ( north ) due to unrunnable base start (blocked)',
  ]);
  const history = { north: recorded('web', DUMMY, 'start') };
  expect(told(scheduleCluster({ resources, constraints, history }))).toEqual([
    'Stop web ( north ) due to unrunnable base start',
  ]);
});

function told(transition: Transition): string[] {
  return summarise(transition).map((line) =>
    line.kind === 'node'
      ? `${line.verb} ${line.node?.name ?? ''} '${line.reason ?? ''}'`
      : [`${line.verb} ${line.resource.id} ( ${line.details} )`, line.reason]
          .filter((part) => part !== undefined)
          .join(' '),
  );
}
