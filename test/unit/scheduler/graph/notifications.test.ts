import { expect, test } from 'vitest';

import { actionName, type Action, type Transition } from '../../../../src/engine/scheduler/index.ts';
import { recorded, scheduleCluster } from './cluster.ts';

const DRBD = 'class="ocf" provider="linbit" type="drbd"';

function mirror(notify: string): string {
  return `<clone id="mirror">
    <meta_attributes id="mirror-meta">
      <nvpair id="mirror-promotable" name="promotable" value="true"/>
      <nvpair id="mirror-notify" name="notify" value="${notify}"/>
    </meta_attributes>
    <primitive id="disk" ${DRBD}>
      <operations>
        <op id="disk-monitor" name="monitor" interval="20s" role="Unpromoted"/>
        <op id="disk-monitor-promoted" name="monitor" interval="10s" role="Promoted"/>
      </operations>
    </primitive>
  </clone>`;
}

test('A mirror starts: both sides are told before and after it is promoted', () => {
  const transition = scheduleCluster({
    resources: mirror('true'),
    attributes: { north: { 'master-disk': '10' } },
  });
  expect(before(transition, 'disk:0_post_notify_start_0 north')).toEqual(['mirror_post_notify_running_0']);
  expect(before(transition, 'mirror_pre_notify_promote_0')).toEqual([
    'mirror_confirmed-post_notify_running_0',
  ]);
  expect(before(transition, 'mirror_confirmed-pre_notify_promote_0')).toEqual([
    'disk:0_pre_notify_promote_0 north',
    'disk:1_pre_notify_promote_0 south',
    'mirror_pre_notify_promote_0',
  ]);
  expect(before(transition, 'mirror_promote_0')).toEqual([
    'mirror_confirmed-pre_notify_promote_0',
    'mirror_running_0',
  ]);
});

test('Recurring monitors wait until everybody knows', () => {
  const transition = scheduleCluster({
    resources: mirror('true'),
    attributes: { north: { 'master-disk': '10' } },
  });
  expect(before(transition, 'disk:0_monitor_10000 north')).toEqual([
    'disk:0_promote_0 north',
    'disk:0_start_0 north',
    'mirror_confirmed-post_notify_promoted_0',
    'mirror_confirmed-post_notify_running_0',
  ]);
});

test('The agents are told who starts, who is promoted and where', () => {
  const transition = scheduleCluster({
    resources: mirror('true'),
    attributes: { north: { 'master-disk': '10' } },
  });
  const told = step(transition, 'disk:1_pre_notify_promote_0 south').extra;
  expect(told.get('notify_type')).toBe('pre');
  expect(told.get('notify_operation')).toBe('promote');
  expect(told.get('notify_start_resource')).toBe('disk:0 disk:1');
  expect(told.get('notify_start_uname')).toBe('north south');
  expect(told.get('notify_promote_resource')).toBe('disk:0');
  expect(told.get('notify_promote_uname')).toBe('north');
  expect(told.get('notify_inactive_resource')).toBe('disk:0 disk:1');
  expect(told.get('notify_stop_resource')).toBe(' ');
  expect(told.get('notify_available_uname')).toBe('north south');
  const promotion = step(transition, 'disk:0_promote_0 north').extra;
  expect(promotion.get('notify_start_uname')).toBe('north south');
});

test('A clone without notify=true tells nobody', () => {
  const transition = scheduleCluster({
    resources: mirror('false'),
    attributes: { north: { 'master-disk': '10' } },
  });
  expect(names(transition).filter((name) => name.includes('notify'))).toEqual([]);
  expect(names(transition)).toContain('disk:0_promote_0 north');
});

test('A node is lost: the other side is told once it is fenced, the lost one is not', () => {
  const transition = scheduleCluster({
    properties: { 'stonith-enabled': 'true' },
    resources: `${mirror('true')}<primitive id="power" class="stonith" type="fence_ipmilan"/>`,
    history: {
      north: recorded('disk', DRBD, 'promote'),
      south: recorded('disk', DRBD, 'start'),
    },
    attributes: { south: { 'master-disk': '10' } },
    lost: ['north'],
  });
  const all = names(transition);
  expect(all).toContain("stonith 'reboot' north");
  expect(all.filter((name) => name.includes('notify') && name.endsWith(' north'))).toEqual([]);
  expect(before(transition, 'disk_post_notify_stonith_0')).toEqual(["stonith 'reboot' north"]);
  expect(before(transition, 'disk_post_notify_stonith_0 south')).toEqual([
    'disk_post_notify_stonith_0',
    'mirror_post_notify_stopped_0',
  ]);
  expect(before(transition, 'disk_promote_0 south')).toEqual(['mirror_promote_0', "stonith 'reboot' north"]);
});

function names(transition: Transition): string[] {
  return transition.steps.map(({ action }) => actionName(action)).sort();
}

function find(transition: Transition, name: string) {
  const found = transition.steps.find(({ action }) => actionName(action) === name);
  if (found === undefined) throw new Error(`no step ${name} in ${names(transition).join(', ')}`);
  return found;
}

function step(transition: Transition, name: string): Action {
  return find(transition, name).action;
}

function before(transition: Transition, name: string): string[] {
  return find(transition, name).after.map(actionName).sort();
}
