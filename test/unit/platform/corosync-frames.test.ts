import { describe, expect, test } from 'vitest';
import {
  createAssembler,
  FRAME_LIMIT,
  MESSAGE_LIMIT,
  splitMessage,
} from '../../../src/platform/corosync/frames.ts';

const message = (payload: string) => ({ kind: 'message', payload });
const partial = { kind: 'partial' };

describe('a message', () => {
  test('of any size around the limit of a frame comes out as it went in', () => {
    for (const size of [0, 1, FRAME_LIMIT - 13, FRAME_LIMIT - 12, FRAME_LIMIT - 11, 3 * FRAME_LIMIT]) {
      const assembler = createAssembler();
      const payload = 'x'.repeat(size);
      const frames = splitMessage(payload, 1);
      expect(frames.every(({ length }) => length <= FRAME_LIMIT)).toBe(true);
      const results = frames.map((frame) => assembler.accept('1/1', frame));
      expect(results.slice(0, -1).every(({ kind }) => kind === 'partial')).toBe(true);
      expect(results.at(-1)).toEqual(message(payload));
    }
  });

  test('may have a character of several bytes where it is split', () => {
    const payload = 'ä€😀'.repeat(30_000);
    const assembler = createAssembler();
    const results = splitMessage(payload, 7).map((frame) => assembler.accept('1/1', frame));
    expect(results.at(-1)).toEqual(message(payload));
  });

  test('that is too large is refused before it is sent', () => {
    expect(() => splitMessage('x'.repeat(MESSAGE_LIMIT + 1), 1)).toThrow('16 MiB');
  });
});

describe('frames', () => {
  const [first, second, third] = splitMessage('a'.repeat(150_000), 1) as [Buffer, Buffer, Buffer];

  test('of two senders may come interleaved', () => {
    const assembler = createAssembler();
    const other = splitMessage('b'.repeat(100_000), 1) as [Buffer, Buffer];
    expect(assembler.accept('1/1', first)).toEqual(partial);
    expect(assembler.accept('2/1', other[0])).toEqual(partial);
    expect(assembler.accept('1/1', second)).toEqual(partial);
    expect(assembler.accept('2/1', other[1])).toEqual(message('b'.repeat(100_000)));
    expect(assembler.accept('1/1', third)).toEqual(message('a'.repeat(150_000)));
  });

  test('of a sender that left are dropped, and the next with its number begins anew', () => {
    const assembler = createAssembler();
    assembler.accept('1/1', first);
    assembler.forget('1/1');
    expect(assembler.accept('1/1', second).kind).toBe('dropped');
    expect(assembler.accept('1/1', first)).toEqual(partial);
    expect(assembler.accept('1/1', second)).toEqual(partial);
    expect(assembler.accept('1/1', third)).toEqual(message('a'.repeat(150_000)));
  });

  test('whose beginning was sent before we joined are dropped, the next message is not', () => {
    const assembler = createAssembler();
    expect(assembler.accept('1/1', second).kind).toBe('dropped');
    expect(assembler.accept('1/1', third).kind).toBe('dropped');
    expect(assembler.accept('1/1', splitMessage('next', 2)[0] as Buffer)).toEqual(message('next'));
  });

  test('of different messages are never joined', () => {
    const assembler = createAssembler();
    const later = splitMessage('c'.repeat(150_000), 2) as [Buffer, Buffer, Buffer];
    assembler.accept('1/1', first);
    expect(assembler.accept('1/1', later[1]).kind).toBe('dropped');
  });

  test('that are not ours are dropped', () => {
    const assembler = createAssembler();
    expect(assembler.accept('1/1', Buffer.from('short')).kind).toBe('dropped');
    const newer = Buffer.from(first);
    newer.writeUInt8(9, 0);
    expect(assembler.accept('1/1', newer)).toEqual({ kind: 'dropped', reason: 'a frame of version 9' });
  });

  test('without end are dropped when they exceed the limit', () => {
    const assembler = createAssembler();
    const frame = Buffer.from(first);
    const kinds = new Set<string>();
    for (let index = 0; index < 300; index += 1) {
      frame.writeUInt32LE(index, 8);
      kinds.add(assembler.accept('1/1', frame).kind);
    }
    expect(kinds).toEqual(new Set(['partial', 'dropped']));
  });
});
