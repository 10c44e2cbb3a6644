import { describe, expect, test } from 'vitest';
import { inject, parseInjection, type InjectionOption } from '../../../src/simulate/index.ts';
import { after, BEGINNING, read, SAN, settle, status } from './world.ts';

const serving = settle(read(SAN)).next;

const refused = (option: InjectionOption, value: string) => {
  const event = parseInjection(option, value);
  const result = event.ok ? inject(serving, event.value) : event;
  return result.ok ? 'accepted' : `${result.failure.code}: ${result.failure.message}`;
};

describe('nodes', () => {
  test('one that leaves in order takes its history along, and nobody fences it', () => {
    const left = after(serving, ['node-down', 'alpha']);
    expect(left.document.nodes[0]?.resources).toBeUndefined();
    expect(settle(left).steps.filter((step) => step.includes('Fencing'))).toEqual([]);
  });

  test('one that comes back is probed', () => {
    const back = after(serving, ['node-down', 'alpha'], ['node-up', 'alpha']);
    expect(settle(back).steps).toContain('  * Resource action: volume          monitor on alpha');
  });

  test('one in standby is emptied, and is used again afterwards', () => {
    const standby = after(serving, ['standby', 'alpha']);
    expect(status(standby)[1]).toBe('    * Node alpha: standby (with active resources)');
    const emptied = settle(standby).next;
    expect(status(emptied)[1]).toBe('    * Node alpha: standby');
    expect(status(after(emptied, ['online', 'alpha']))[1]).toBe('    * Online: [ alpha beta ]');
  });
});

test('without quorum everything is stopped; it starts again with it', () => {
  const lost = settle(after(serving, ['quorum', 'false']));
  expect(lost.summary).toContain('  * Stop       volume     (           alpha )  due to no quorum');
  expect(status(settle(after(lost.next, ['quorum', 'true'])).next)).toEqual(status(serving));
});

test('time passes', () => expect(after(serving, ['time-passes', '10min']).now).toBe(BEGINNING + 600));

describe('resources', () => {
  test('a result is taken for what the node did last', () => {
    const gone = after(serving, ['result', 'target_monitor_10000@alpha=7']);
    expect(status(gone)).toContain('      * target\t(ocf:keelson:target):\t FAILED alpha');
    expect(settle(gone).summary).toEqual(['  * Recover    target     ( alpha )']);
  });

  test('one that fails is found by its own monitor, where it runs', () => {
    const failed = after(serving, ['fail', 'disk']);
    const entry = failed.document.nodes
      .flatMap(({ resources = [] }) => resources)
      .flatMap(({ operations }) => operations)
      .find(({ id }) => id === 'disk_last_failure_0');
    expect(entry?.fields).toMatchObject({ operation_key: 'disk_monitor_10000', 'rc-code': '1' });
    expect(settle(failed).summary).toContain('  * Recover    disk:0     ( Promoted alpha )');
    const elsewhere = settle(after(serving, ['fail', 'disk@beta']));
    expect(elsewhere.summary).toEqual(['  * Recover    disk:1     ( Unpromoted beta )']);
  });
});

test('tickets are granted and revoked', () => {
  const granted = after(serving, ['ticket-grant', 'site'], ['ticket-standby', 'site']);
  expect(granted.document.tickets).toEqual([{ id: 'site', fields: { granted: 'true', standby: 'true' } }]);
  expect(after(granted, ['ticket-revoke', 'site']).document.tickets).toEqual([
    { id: 'site', fields: { granted: 'false', standby: 'true' } },
  ]);
});

describe('what makes no sense is refused, and nothing is changed', () => {
  test.each([
    ['node-fail', 'gamma', "node_not_found: The cluster has no node 'gamma'"],
    ['standby', 'gamma', "node_not_found: The cluster has no node 'gamma'"],
    [
      'result',
      'lun_start_0@alpha=1',
      "resource_not_found: There is no resource 'lun' that an agent could act on",
    ],
    [
      'result',
      'export_start_0@alpha=1',
      "resource_not_found: There is no resource 'export' that an agent could act on",
    ],
    ['result', 'volume_start_0@gamma=1', "node_not_found: The cluster has no node 'gamma'"],
    [
      'result',
      'volume@alpha',
      "event_invalid: 'volume@alpha' is not of the form RESOURCE_OPERATION_INTERVAL@NODE=CODE",
    ],
    [
      'result',
      'volume_dance_0@alpha=1',
      "event_invalid: 'volume_dance_0@alpha=1' names the unknown operation 'dance'",
    ],
    [
      'result',
      'volume_start_0@alpha=256',
      "event_invalid: 'volume_start_0@alpha=256' has an exit code that is not within 0 to 255",
    ],
    ['fail', 'power@beta', "event_invalid: 'power' does not run on 'beta'"],
    ['fail', 'power', "event_invalid: 'power' has no recurring monitor that could find it broken"],
    ['quorum', 'perhaps', "event_invalid: --quorum is yes or no, not 'perhaps'"],
    [
      'time-passes',
      'soon',
      "event_invalid: --time-passes takes a span of time such as 90s or 10min, not 'soon'",
    ],
    ['node-up', '', 'event_invalid: --node-up needs NODE'],
  ] as const)('--%s %s', (option, value, message) => {
    const before = structuredClone(serving.document);
    expect(refused(option, value)).toBe(message);
    expect(serving.document).toEqual(before);
  });
});
