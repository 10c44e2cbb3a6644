import { expect, test } from 'vitest';
import { actionName, type Transition } from '../../../../src/engine/scheduler/index.ts';
import { recorded, scheduleCluster } from '../graph/cluster.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';
const FENCE = '<primitive id="power" class="stonith" type="fence_ipmilan"/>';

interface Web {
  readonly parameter?: string;
  readonly operations?: string;
  readonly meta?: Readonly<Record<string, string>>;
}

function web({ parameter, operations = '', meta = {} }: Web = {}): string {
  const pairs = Object.entries(meta).map(
    ([name, value]) => `<nvpair id="web-${name}" name="${name}" value="${value}"/>`,
  );
  const parameters =
    parameter === undefined
      ? ''
      : `<instance_attributes id="web-p"><nvpair id="web-p-1" name="port" value="${parameter}"/></instance_attributes>`;
  return `<primitive id="web" ${DUMMY}><meta_attributes id="web-m">${pairs.join('')}</meta_attributes>${parameters}
    <operations>${operations}</operations></primitive>`;
}

const running = { north: recorded('web', DUMMY, 'start'), south: recorded('web', DUMMY, 'monitor', '7') };
const monitor = '<op id="web-monitor" name="monitor" interval="10s"/>';

/** What is really carried out, pseudo actions left out. */
function done(transition: Transition): readonly string[] {
  return transition.steps
    .map(({ action }) => action)
    .filter((action) => !action.isPseudo)
    .map((action) => actionName(action))
    .sort();
}

test('Where nothing is known of a resource it is looked for on every node before it starts', () => {
  const transition = scheduleCluster({ resources: web() });
  expect(done(transition)).toEqual(['web_monitor_0 north', 'web_monitor_0 south', 'web_start_0 north']);
  const start = transition.steps.find(({ action }) => action.key === 'web_start_0');
  expect(start?.after.map((action) => action.key)).toEqual(['web_monitor_0', 'web_monitor_0']);
});

test('A resource that runs as it is defined is left alone', () => {
  expect(done(scheduleCluster({ resources: web(), history: running }))).toEqual([]);
});

test('A new monitor begins without a restart', () => {
  const transition = scheduleCluster({ resources: web({ operations: monitor }), history: running });
  expect(done(transition)).toEqual(['web_monitor_10000 north']);
});

test('Another parameter needs a restart, and the monitor with it', () => {
  const resources = web({ parameter: '8080', operations: monitor });
  expect(done(scheduleCluster({ resources, history: running }))).toEqual([
    'web_monitor_10000 north',
    'web_start_0 north',
    'web_stop_0 north',
  ]);
});

test('An agent that can take over parameters is reloaded instead', () => {
  const reloadable = running.north.replace(
    'op-digest=',
    'op-force-restart=" state " op-restart-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8" op-digest=',
  );
  const transition = scheduleCluster({
    resources: web({ parameter: '8080' }),
    history: { ...running, north: reloadable },
  });
  expect(done(transition)).toEqual(['web_reload-agent_0 north']);
});

test('What is no longer defined is stopped and forgotten', () => {
  const transition = scheduleCluster({ resources: '', history: running });
  expect(done(transition)).toEqual(['web_delete_0 north', 'web_delete_0 south', 'web_stop_0 north']);
});

test('A resource that may migrate leaves its node alive, and is stopped there when it has arrived', () => {
  const transition = scheduleCluster({
    resources: web({ meta: { 'allow-migrate': 'true' } }),
    history: running,
    attributes: { north: { standby: 'on' } },
  });
  expect(done(transition)).toEqual([
    'web_migrate_from_0 south',
    'web_migrate_to_0 north',
    'web_stop_0 north',
  ]);
});

test('What ran on a lost node starts elsewhere only after the fencing, which is its stop', () => {
  const transition = scheduleCluster({
    properties: { 'stonith-enabled': 'true' },
    resources: web() + FENCE,
    history: {
      north: running.north,
      south: running.south + recorded('power', 'class="stonith" type="fence_ipmilan"', 'start'),
    },
    lost: ['north'],
  });
  expect(done(transition)).toEqual(["stonith 'reboot' north", 'web_start_0 south']);
  const start = transition.steps.find(({ action }) => action.key === 'web_start_0');
  expect(start?.after.map((action) => action.key).sort()).toEqual(['stonith-north-reboot', 'web_stop_0']);
});

test('A node that wants to leave does so when everything on it has been stopped', () => {
  const transition = scheduleCluster({
    resources: web(),
    history: running,
    attributes: { north: { shutdown: '1699999999' } },
  });
  expect(done(transition)).toEqual(['do_shutdown north', 'web_start_0 south', 'web_stop_0 north']);
});
