import { describe, expect, it } from 'vitest';
import type { Transition } from '../../../../src/engine/scheduler/index.ts';
import { actionName } from '../../../../src/engine/scheduler/graph/name.ts';
import { cibText, recorded, scheduleCluster, type Cluster } from '../graph/cluster.ts';
import { schedule } from '../../../../src/engine/scheduler/index.ts';
import { readCib } from '../../../../src/formats/cib/index.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';

const primitive = (id: string, meta: Readonly<Record<string, string>> = {}): string =>
  `<primitive id="${id}" ${DUMMY}>${metaOf(id, meta)}</primitive>`;

const clone = (id: string, child: string, meta: Readonly<Record<string, string>> = {}): string =>
  `<clone id="${id}">${metaOf(id, meta)}${child}</clone>`;

function metaOf(id: string, meta: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(meta).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return `<meta_attributes id="${id}-meta">${pairs.join('')}</meta_attributes>`;
}

/** What an action has to wait for, real actions and points in the sequence alike. */
function inputsOf(transition: Transition, name: string): readonly string[] | undefined {
  const step = transition.steps.find(({ action }) => actionName(action) === name);
  return step?.after.map(actionName).toSorted();
}

function actionOf(transition: Transition, key: string) {
  return transition.ordered.builder.all.find((action) => action.key === key);
}

function isPlanned(transition: Transition, name: string): boolean {
  return inputsOf(transition, name) !== undefined;
}

/** Everything known to be stopped on both nodes, so that no probes are in the way. */
function stopped(...ids: readonly string[]): Readonly<Record<string, string>> {
  const history = ids.map((id) => recorded(id, DUMMY, 'monitor', '7')).join('');
  return { north: history, south: history };
}

describe('an order constraint', () => {
  const both = primitive('disk') + primitive('web');

  it('lets the second start once the first has', () => {
    const transition = scheduleCluster({
      resources: both,
      constraints: '<rsc_order id="o" first="disk" then="web"/>',
      history: stopped('disk', 'web'),
    });
    expect(inputsOf(transition, 'web_start_0 south')).toEqual(['disk_start_0 north']);
  });

  it('keeps the second from starting where the first cannot, and says why', () => {
    const transition = scheduleCluster({
      resources: primitive('disk', { 'target-role': 'Stopped' }) + primitive('web'),
      constraints: '<rsc_order id="o" first="disk" then="web"/>',
      history: stopped('disk', 'web'),
    });
    const start = actionOf(transition, 'web_start_0');
    expect([start?.isRunnable, start?.reason]).toEqual([false, 'unrunnable disk start']);
  });

  it('restarts the second where the first moves, but not where it is optional', () => {
    const moving = (kind: string): Transition =>
      scheduleCluster({
        resources: primitive('disk') + primitive('web'),
        constraints: `<rsc_order id="o" first="disk" then="web" kind="${kind}"/>
          <rsc_location id="l" rsc="disk" node="south" score="INFINITY"/>
          <rsc_location id="m" rsc="web" node="north" score="INFINITY"/>`,
        history: {
          north: recorded('disk', DUMMY, 'start') + recorded('web', DUMMY, 'start'),
          south: stopped('disk', 'web')['south'] ?? '',
        },
      });
    expect(inputsOf(moving('Mandatory'), 'disk_stop_0 north')).toEqual(['web_stop_0 north']);
    expect(actionOf(moving('Mandatory'), 'web_start_0')?.reason).toBe('required disk start');
    expect(isPlanned(moving('Optional'), 'web_stop_0 north')).toBe(false);
  });

  it('of a set, is satisfied by one of several where that is enough', () => {
    const sets = `<resource_set id="any" require-all="false" sequential="false">
        <resource_ref id="a"/><resource_ref id="b"/></resource_set>
      <resource_set id="last"><resource_ref id="web"/></resource_set>`;
    const transition = scheduleCluster({
      resources: primitive('a', { 'target-role': 'Stopped' }) + primitive('b') + primitive('web'),
      constraints: `<rsc_order id="o">${sets}</rsc_order>`,
      history: stopped('a', 'b', 'web'),
    });
    expect(inputsOf(transition, 'web_start_0 south')).toEqual(['one-or-more:any']);
    expect(inputsOf(transition, 'one-or-more:any')).toEqual(['b_start_0 north']);
  });
});

describe('a group', () => {
  it('starts its members one after the other', () => {
    const transition = scheduleCluster({
      resources: `<group id="san">${primitive('vg') + primitive('lun') + primitive('ip')}</group>`,
      history: stopped('vg', 'lun', 'ip'),
    });
    expect(inputsOf(transition, 'lun_start_0 north')).toEqual(['san_start_0', 'vg_start_0 north']);
    expect(inputsOf(transition, 'ip_start_0 north')).toEqual(['lun_start_0 north', 'san_start_0']);
  });

  it('of thousands of members is planned member by member', () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `m${index}`);
    const transition = scheduleCluster({
      resources: `<group id="big">${ids.map((id) => primitive(id)).join('')}</group>`,
      constraints: '<rsc_location id="l" rsc="big" node="south" score="INFINITY"/>',
      history: {
        north: ids.map((id) => recorded(id, DUMMY, 'start')).join(''),
        south: stopped(...ids)['south'] ?? '',
      },
    });
    expect(inputsOf(transition, 'm2000_stop_0 north')).toEqual(['big_stop_0', 'm2001_stop_0 north']);
    expect(inputsOf(transition, 'm2000_start_0 south')).toContain('m1999_start_0 south');
  });
});

describe('two clones', () => {
  const cluster = (interleave: string): Cluster => ({
    resources:
      clone('lower', primitive('a'), { interleave: 'true' }) + clone('upper', primitive('b'), { interleave }),
    constraints: '<rsc_order id="o" first="lower" then="upper"/>',
    history: stopped('a', 'b'),
  });

  it('that interleave: each instance waits for its counterpart on the same node only', () => {
    expect(inputsOf(scheduleCluster(cluster('true')), 'b_start_0 north')).toEqual([
      'a_start_0 north',
      'upper_start_0',
    ]);
  });

  it('that do not: all of one wait for all of the other', () => {
    const transition = scheduleCluster(cluster('false'));
    expect(inputsOf(transition, 'b_start_0 north')).toEqual(['upper_start_0']);
    expect(inputsOf(transition, 'upper_start_0')).toEqual(['lower_running_0']);
  });
});

describe('what is wrong with a constraint', () => {
  const findingsOf = (constraints: string): readonly string[] => {
    const read = readCib(cibText({ resources: primitive('a') + primitive('b'), constraints }));
    if (!read.ok) throw new Error(read.finding.message);
    const input = {
      document: read.document,
      now: 0,
      utcOffset: 0,
      md5: (text: string) => text,
      withScores: false,
    };
    return schedule(input).ordered.findings.map(({ code, place }) => `${code} ${place}`);
  };

  it('is told, and the rest is scheduled', () => {
    expect(findingsOf('<rsc_order id="o" first="a" then="nobody"/>')).toEqual([
      "unknown_reference order 'o'",
    ]);
    expect(findingsOf('<rsc_order id="o" first="a" then="a"/>')).toContain("invalid_constraint order 'o'");
  });

  it('may be that two of them run in a circle', () => {
    const circle = '<rsc_order id="o" first="a" then="b"/><rsc_order id="p" first="b" then="a"/>';
    expect(findingsOf(circle)).toEqual(["order_cycle order 'p'"]);
  });
});
