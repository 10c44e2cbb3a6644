import { expect, test } from 'vitest';

import { dotText, drawing } from '../../../../src/engine/scheduler/index.ts';
import { recorded, scheduleCluster } from './cluster.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';

test('A start is drawn bold after its probes', () => {
  const transition = scheduleCluster({ resources: `<primitive id="web" ${DUMMY}/>` });
  expect(dotText(drawing(transition)).trim().split('\n').sort()).toEqual([
    '"web_monitor_0 north" -> "web_start_0 north" [ style = bold]',
    '"web_monitor_0 north" [ style=bold color="green" fontcolor="black"]',
    '"web_monitor_0 south" -> "web_start_0 north" [ style = bold]',
    '"web_monitor_0 south" [ style=bold color="green" fontcolor="black"]',
    '"web_start_0 north" [ style=bold color="green" fontcolor="black"]',
    'digraph "g" {',
    '}',
  ]);
});

test('What is wanted but cannot be done is drawn dashed and red', () => {
  const transition = scheduleCluster({
    resources: `<primitive id="base" ${DUMMY}><meta_attributes id="base-meta">
        <nvpair id="base-role" name="target-role" value="Stopped"/></meta_attributes></primitive>
      <primitive id="web" ${DUMMY}/>`,
    constraints: '<rsc_order id="base-first" first="base" then="web"/>',
    history: { north: recorded('web', DUMMY, 'start') },
  });
  const lines = dotText(drawing(transition)).split('\n');
  expect(lines).toContain('"web_stop_0 north" [ style=bold color="green" fontcolor="black"]');
  expect(lines).toContain('"web_start_0 north" [ style=dashed color="red" fontcolor="black"]');
  expect(lines).toContain('"web_stop_0 north" -> "web_start_0 north" [ style = dashed]');
});
