import { describe, expect, it } from 'vitest';
import type { StormAction, StormCall } from '../../../appliance/storm/call.ts';
import { outcomesOf, outcomeText } from '../../../appliance/storm/outcomes.ts';

const small = { size: 16, thin: false, access: { a: 'read-write' } } as const;
const create: StormAction = { kind: 'create', ...small };
const call = (
  action: StormAction,
  [sent, answered]: readonly [number, number],
  answer: StormCall['answer'] = 'done',
): StormCall => ({ lun: 'one', action, sent, answered: answer === 'unknown' ? Infinity : answered, answer });

const texts = (...calls: readonly StormCall[]): readonly string[] =>
  outcomesOf(calls).map(outcomeText).sort();

describe('what acknowledged answers leave of a LUN', () => {
  it('one after the other: what the last one says', () => {
    expect(texts(call(create, [0, 1]), call({ kind: 'grow', size: 32 }, [2, 3]))).toEqual([
      '32 bytes, for a (read-write)',
    ]);
    expect(texts(call(create, [0, 1]), call({ kind: 'delete', withSnapshots: false }, [2, 3]))).toEqual([
      'absent',
    ]);
    const hidden = [
      call(create, [0, 1]),
      call({ kind: 'map', host: 'b', access: 'read-only' }, [2, 3]),
      call({ kind: 'unmap', host: 'a' }, [4, 5]),
    ];
    expect(texts(...hidden)).toEqual(['16 bytes, for b (read-only)']);
  });

  it('at the same time: either order, and no third thing', () => {
    expect(texts(call(create, [0, 5]), call({ kind: 'delete', withSnapshots: false }, [0, 5]))).toEqual([
      '16 bytes, for a (read-write)',
      'absent',
    ]);
    const other: StormAction = { ...create, size: 48 };
    expect(texts(call(create, [0, 5]), call(other, [0, 5], { refused: 'name_taken' }))).toEqual([
      '16 bytes, for a (read-write)',
    ]);
  });

  it('without an answer: done at any time from then on, or never', () => {
    expect(
      texts(call(create, [0, 1]), call({ kind: 'delete', withSnapshots: false }, [2, 3], 'unknown')),
    ).toEqual(['16 bytes, for a (read-write)', 'absent']);
    const late = [
      call({ kind: 'delete', withSnapshots: false }, [0, 1], 'unknown'),
      call(create, [2, 3]),
      call({ kind: 'grow', size: 32 }, [4, 5], { refused: 'lun_not_found' }),
    ];
    expect(texts(...late)).toEqual(['absent']);
  });

  it('answers that no order explains leave nothing', () => {
    const grow: StormAction = { kind: 'grow', size: 32 };
    expect(texts(call(grow, [0, 1]))).toEqual([]);
    expect(texts(call(create, [0, 1]), call(grow, [2, 3], { refused: 'lun_not_found' }))).toEqual([]);
    expect(texts(call(create, [0, 1]), call({ ...create, size: 48 }, [2, 3]))).toEqual([]);
    expect(texts(call(create, [0, 1]), call(grow, [2, 3]), call({ ...grow, size: 16 }, [4, 5]))).toEqual([]);
    expect(texts(call(create, [0, 1]), call(create, [2, 3], { refused: 'name_taken' }))).toEqual([]);
    expect(texts(call(create, [0, 1]), call(grow, [2, 3], { refused: 'lun_would_shrink' }))).toEqual([]);
  });

  it('a snapshot is of a thin LUN, stays when asked for again, and keeps its LUN from being deleted without it', () => {
    const thin: StormAction = { ...create, thin: true };
    const taken: StormAction = { kind: 'snapshot', snapshot: 'x' };
    const drop: StormAction = { kind: 'drop', snapshot: 'x' };
    const withIt: StormAction = { kind: 'delete', withSnapshots: true };
    const without: StormAction = { kind: 'delete', withSnapshots: false };
    const had = [call(thin, [0, 1]), call(taken, [2, 3]), call(taken, [4, 5])];
    expect(texts(...had)).toEqual(['16 bytes, thin, for a (read-write), snapshots x']);
    expect(texts(...had, call(thin, [6, 7]))).toEqual(texts(...had));
    expect(texts(...had, call(without, [6, 7]))).toEqual([]);
    expect(texts(...had, call(without, [6, 7], { refused: 'lun_has_snapshots' }))).toEqual(texts(...had));
    expect(texts(...had, call(withIt, [6, 7]))).toEqual(['absent']);
    expect(texts(...had, call(drop, [6, 7]), call(without, [8, 9]))).toEqual(['absent']);
    expect(texts(call(create, [0, 1]), call(taken, [2, 3]))).toEqual([]);
    expect(texts(call(create, [0, 1]), call(taken, [2, 3], { refused: 'lun_not_thin' }))).toHaveLength(1);
    expect(texts(call(thin, [0, 1]), call(taken, [2, 3], { refused: 'lun_not_thin' }))).toEqual([]);
  });

  it('a refusal that says nothing of the LUN changes nothing', () => {
    expect(texts(call(create, [0, 1], { refused: 'pool_full' }))).toEqual(['absent']);
    expect(
      texts(
        call(create, [0, 1]),
        call({ kind: 'delete', withSnapshots: false }, [2, 3], { refused: 'lun_busy' }),
      ),
    ).toEqual(['16 bytes, for a (read-write)']);
  });

  it('forty calls of which every third had no answer are judged at once', () => {
    const many = Array.from({ length: 40 }, (_, turn) => {
      const action: StormAction = turn % 2 === 0 ? create : { kind: 'delete', withSnapshots: false };
      return call(action, [turn, turn + 1.5], turn % 3 === 2 ? 'unknown' : 'done');
    });
    expect(texts(...many)).toContain('absent');
  });

  it('without an answer and long ago: not any more', () => {
    const lost = { ...call({ kind: 'delete', withSnapshots: false }, [2, 3], 'unknown'), answered: 60 };
    const grown = call({ kind: 'grow', size: 32 }, [61, 62]);
    expect(texts(call(create, [0, 1]), lost, grown)).toEqual(['32 bytes, for a (read-write)']);
  });

  it('a storm of hundreds of calls, five at once and every fourth without an answer, is judged', () => {
    const many = Array.from({ length: 300 }, (_, turn) => {
      const host = `h${turn % 3}`;
      const action: StormAction =
        turn % 2 === 0 ? { kind: 'map', host, access: 'read-only' } : { kind: 'unmap', host };
      const isLost = turn % 4 === 3;
      const sent = 10 + turn * 1000;
      const made = call(action, [sent, sent + 5000], isLost ? 'unknown' : 'done');
      return isLost ? { ...made, answered: sent + 20_000 } : made;
    });
    expect(texts(call(create, [0, 1]), ...many).length).toBeGreaterThan(1);
  });
});
