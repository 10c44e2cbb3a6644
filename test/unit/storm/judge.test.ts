import { describe, expect, it } from 'vitest';
import type { StormCall } from '../../../appliance/storm/call.ts';
import { contradictions, reused } from '../../../appliance/storm/judge.ts';
import { bytes, type LunView, type SnapshotView } from '../../../src/model/index.ts';

const lun = (name: string, number: number, serial: string): LunView =>
  ({ name, number, serial, size: 16, hosts: ['a'] }) as unknown as LunView;
const made: StormCall = {
  lun: 'one',
  action: { kind: 'create', size: 16, thin: false, access: { a: 'read-write' } },
  sent: 0,
  answered: 1,
  answer: 'done',
};

describe('the judge of a storm', () => {
  it('finds nothing where the LUNs are what was answered', () => {
    expect(contradictions(['one', 'two'], [made], [lun('one', 0, 's')], [])).toEqual([]);
  });

  it('names a LUN that was acknowledged and is not there, one that nobody asked for, and one of another size', () => {
    expect(contradictions(['one'], [made], [], [])).toEqual([
      'one is absent; by its answers it is 16 bytes, for a (read-write)',
    ]);
    expect(contradictions(['two'], [], [lun('two', 0, 's')], [])).toEqual([
      'two is 16 bytes, for a (read-write); by its answers it is absent',
    ]);
    expect(contradictions(['one'], [made], [{ ...lun('one', 0, 's'), size: bytes(32) }], [])).toHaveLength(1);
  });

  it('names answers that contradict each other', () => {
    const grown: StormCall = { ...made, lun: 'two', action: { kind: 'grow', size: 32 } };
    expect(contradictions(['two'], [grown], [], [])).toEqual(['two: its answers contradict each other']);
  });

  it('names a snapshot that was acknowledged and is not there, and one without its LUN', () => {
    const thin: StormCall = { ...made, action: { kind: 'create', size: 16, thin: true, access: {} } };
    const taken: StormCall = { ...thin, action: { kind: 'snapshot', snapshot: 'x' }, sent: 2, answered: 3 };
    const one: LunView = { ...lun('one', 0, 's'), thin: true, hosts: [] };
    const snapshot = { name: 'one@x', lun: 'one' } as unknown as SnapshotView;
    expect(contradictions(['one'], [thin, taken], [one], [snapshot])).toEqual([]);
    expect(contradictions(['one'], [thin, taken], [one], [])).toEqual([
      'one is 16 bytes, thin, for nobody; by its answers it is 16 bytes, thin, for nobody, snapshots x',
    ]);
    expect(contradictions([], [], [], [snapshot])).toEqual(['one@x is there, and its LUN is not']);
  });

  it('finds a serial or a number that two LUNs had', () => {
    expect(reused([lun('one', 0, 's'), lun('one', 0, 's'), lun('one', 1, 't')])).toEqual([]);
    expect(reused([lun('one', 0, 's'), lun('two', 1, 's')])).toHaveLength(1);
    expect(reused([lun('one', 0, 's'), lun('one', 0, 't')])).toHaveLength(1);
  });
});
