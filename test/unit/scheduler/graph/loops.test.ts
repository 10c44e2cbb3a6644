import { expect, test } from 'vitest';

import { actionName, type Transition } from '../../../../src/engine/scheduler/index.ts';
import { recorded, scheduleCluster } from './cluster.ts';

const MACHINE = 'class="ocf" provider="heartbeat" type="VirtualDomain"';

function machine(id: string): string {
  return `<primitive id="${id}" ${MACHINE}>
    <meta_attributes id="${id}-meta"><nvpair id="${id}-migrate" name="allow-migrate" value="true"/></meta_attributes>
    <utilization id="${id}-needs"><nvpair id="${id}-memory" name="memory" value="1"/></utilization>
  </primitive>`;
}

test('Two machines change places though each node has room for one: nobody waits for himself', () => {
  const transition = scheduleCluster({
    properties: { 'placement-strategy': 'utilization' },
    memory: 1,
    resources: machine('left') + machine('right'),
    constraints: `<rsc_location id="left-south" rsc="left" node="south" score="100"/>
      <rsc_location id="right-north" rsc="right" node="north" score="100"/>`,
    history: {
      north: recorded('left', MACHINE, 'start'),
      south: recorded('right', MACHINE, 'start'),
    },
  });
  expect(names(transition)).toContain('left_migrate_to_0 north');
  expect(names(transition)).toContain('right_migrate_to_0 south');
  expect(carriedOut(transition)).toBe(transition.steps.length);
});

test('A chain of 5,000 orders is drawn', () => {
  const count = 5_000;
  const ids = Array.from({ length: count }, (_, index) => `r${String(index)}`);
  const transition = scheduleCluster({
    resources: ids
      .map((id) => `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy"/>`)
      .join(''),
    constraints: ids
      .slice(1)
      .map((id, index) => `<rsc_order id="o-${id}" first="r${String(index)}" then="${id}"/>`)
      .join(''),
  });
  expect(carriedOut(transition)).toBe(transition.steps.length);
  expect(names(transition).filter((name) => name.includes('_start_0'))).toHaveLength(count);
});

function names(transition: Transition): string[] {
  return transition.steps.map(({ action }) => actionName(action));
}

/** How many steps get their turn when each begins as soon as those before it are over. */
function carriedOut(transition: Transition): number {
  const ready = transition.steps.filter((step) => step.after.length === 0);
  const missing = new Map(transition.steps.map((step) => [step.action, step.after.length]));
  const followers = new Map<unknown, typeof ready>();
  for (const step of transition.steps) {
    for (const input of step.after) {
      followers.set(input, [...(followers.get(input) ?? []), step]);
    }
  }
  let count = 0;
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    count += 1;
    for (const follower of followers.get(next.action) ?? []) {
      const left = (missing.get(follower.action) ?? 0) - 1;
      missing.set(follower.action, left);
      if (left === 0) ready.push(follower);
    }
  }
  return count;
}
