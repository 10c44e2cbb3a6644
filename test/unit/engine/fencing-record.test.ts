import { describe, expect, test } from 'vitest';
import { apply, initialConfig } from '../../../src/engine/index.ts';
import { fencingRecord, intentOf, restoreIntent, unprovenNodes } from '../../../src/engine/config/index.ts';
import {
  failure,
  milliseconds,
  type ClusterConfig,
  type Command,
  type FenceDevice,
} from '../../../src/model/index.ts';
import { fileOf } from '../../simulation/cluster-file.ts';

const formed = initialConfig(fileOf({ hasFeeds: true }), { clusterId: 'c', poolSecret: 'p' });
let entries = 0;

/** By these commands, each an hour after the one before. */
function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((now, command, index) => {
    entries += 1;
    const at = milliseconds(3_600_000 * (index + 1));
    const applied = apply(now, { id: `e${entries}`, at, generation: 1, by: 'api', command });
    if (!applied.ok) throw new Error(applied.failure.message);
    return applied.value;
  }, config);
}

const refusal = (config: ClusterConfig, command: Command): string | undefined => {
  const applied = apply(config, { id: 'x', at: milliseconds(0), generation: 1, by: 'api', command });
  return applied.ok ? undefined : applied.failure.code;
};

const test1 = { kind: 'fence.test', node: 'beta', level: 1 } as const;
const dark = { kind: 'fence.dark', node: 'beta', took: milliseconds(2100) } as const;
const passed = { kind: 'fence.tested', node: 'beta' } as const;
const broke = { ...passed, failure: failure('fence_unreachable', 'no answer') } as const;

describe('what is known of the fencing', () => {
  test('a node is proven when every level of its devices has put it out', () => {
    expect(unprovenNodes(formed)).toEqual(['alpha', 'beta']);
    const board = after(formed, test1, dark, passed);
    expect(fencingRecord(board).proofs).toEqual({ 'ipmi-beta': { testedAt: 10_800_000, took: 2100 } });
    expect(unprovenNodes(board)).toEqual(['alpha', 'beta']);
    const whole = after(board, { ...test1, level: 2 }, dark, passed);
    expect(unprovenNodes(whole)).toEqual(['alpha']);
    expect(Object.keys(fencingRecord(whole).proofs).sort()).toEqual(['ipmi-beta', 'pdu-beta', 'pdu-beta-2']);
  });

  test('a device that is only for tests proves nothing, whatever it was seen to do; one beside it does', () => {
    const name = 'null-beta';
    const device: FenceDevice = { kind: 'null', testOnly: true, name, node: 'beta', level: 3 };
    const others = Object.entries(formed.fenceDevices).filter(([, { node }]) => node !== 'beta');
    const alone = {
      ...formed,
      fenceDevices: { ...Object.fromEntries(others), [name]: { ...device, level: 1 } },
    };
    const seen = after(alone, test1, dark, passed);
    expect(Object.keys(fencingRecord(seen).proofs)).toEqual([name]);
    expect(unprovenNodes(seen)).toContain('beta');

    const beside = { ...formed, fenceDevices: { ...formed.fenceDevices, [name]: device } };
    const real = after(beside, test1, dark, passed, { ...test1, level: 2 }, dark, passed);
    expect(unprovenNodes(real)).toEqual(['alpha']);
  });

  test('a test that fails takes the proof of before away; a dry one proves nothing and takes nothing', () => {
    const proven = after(formed, test1, dark, passed);
    const dry = after(proven, { ...test1, dry: true }, broke);
    expect(fencingRecord(dry).proofs).toEqual(fencingRecord(proven).proofs);
    expect(fencingRecord(after(formed, { ...test1, dry: true }, passed)).proofs).toEqual({});
    expect(fencingRecord(after(proven, test1, broke)).proofs).toEqual({});
  });

  test('that it passed without having been dark is no proof', () => {
    expect(fencingRecord(after(formed, test1, passed)).proofs).toEqual({});
  });

  test('one test at a time, of a node and a level that are there; what comes late changes nothing', () => {
    expect(refusal(formed, { ...test1, node: 'nobody' })).toBe('node_not_found');
    expect(refusal(formed, { ...test1, level: 7 })).toBe('fence_device_missing');
    const running = after(formed, test1);
    expect(refusal(running, { ...test1, node: 'alpha' })).toBe('fence_test_running');
    const over = after(running, broke);
    expect(after(over, dark)).toBe(over);
    expect(after(over, passed)).toBe(over);
  });

  test('a proof is of the device as it was', () => {
    const proven = after(formed, test1, dark, passed);
    const board = formed.fenceDevices['ipmi-beta'];
    if (board?.kind !== 'ipmi') throw new Error('it is a board');
    const moved = {
      ...intentOf(formed),
      fenceDevices: { ...formed.fenceDevices, 'ipmi-beta': { ...board, port: 9623 } },
    };
    const changed = after(proven, { kind: 'config.restore', revision: 1, intent: moved });
    expect(changed.fenceDevices['ipmi-beta']).toMatchObject({ port: 9623 });
    expect(fencingRecord(changed).proofs).toEqual({});
    // Otherwise it stays: what was seen is no wish that could be taken back.
    expect(restoreIntent(proven, intentOf(formed)).config).toBe(proven);
  });

  test('a waiver is said with a reason, and taken back', () => {
    const waived = after(formed, { kind: 'fence.waive', node: 'beta', reason: 'no board yet' });
    expect(unprovenNodes(waived)).toEqual(['alpha']);
    expect(fencingRecord(waived).waivers).toEqual({ beta: { at: 3_600_000, reason: 'no board yet' } });
    expect(unprovenNodes(after(waived, { kind: 'fence.waive', node: 'beta' }))).toEqual(['alpha', 'beta']);
    expect(refusal(formed, { kind: 'fence.waive', node: 'nobody', reason: 'x' })).toBe('node_not_found');
  });

  test('a life that was ended stands in the history once; the oldest are forgotten', () => {
    const ended = (boot: string): Command => ({
      kind: 'fence.recorded',
      fencing: {
        node: 'beta',
        boot,
        revision: 1,
        reason: 'lost',
        by: 'alpha',
        devices: ['ipmi-beta'],
        attempts: 1,
        took: milliseconds(1),
        devicesTook: milliseconds(1),
      },
    });
    const once = after(formed, ended('one'));
    expect(after(once, ended('one'))).toBe(once);
    const many = after(once, ...Array.from({ length: 120 }, (_, index) => ended(`boot ${index}`)));
    expect(fencingRecord(many).history).toHaveLength(100);
    expect(fencingRecord(many).history.at(-1)).toMatchObject({ boot: 'boot 119', node: 'beta' });
  });
});
