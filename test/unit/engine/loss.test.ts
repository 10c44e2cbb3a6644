import { describe, expect, test } from 'vitest';
import { lastShared } from '../../../src/engine/controller/loss.ts';
import type { Stored } from '../../../src/engine/index.ts';

/** `1a 2a 3b`: revisions with what tells their lines apart. */
const line = (text: string): readonly Stored[] =>
  text
    .split(' ')
    .filter((mark) => mark !== '')
    .map((mark) => ({ revision: Number.parseInt(mark, 10), hash: mark.replace(/^\d+/, '') }));

describe('where two lines of configurations part', () => {
  test.each<readonly [string, string, string, number | 'unknown']>([
    ['a node that was only behind', '1a 2a', '1a 2a 3a 4a', 2],
    ['the same', '1a 2a', '1a 2a', 2],
    ['a change that only this node heard', '1a 2a 3b', '1a 2a 3a', 2],
    ['a winner that has gone less far, later', '1a 2a 3b 4b', '1a 2a 3c', 2],
    ['a winner that knows only its snapshot, which is ours', '1a 2a 3b', '2a', 2],
    ['a winner that knows only its snapshot, which is not ours', '1a 2a 3b', '3c', 2],
    ['a node that was away for longer than anybody remembers', '1a 2a', '600c 601c', 'unknown'],
    ['a winner that begins before anything this node remembers', '8b 9b', '1a 2a', 2],
    ['lines that part before both remember', '5b 6b', '5a 6a', 4],
  ])('%s: %s and %s', (_story, own, winner, shared) => {
    expect(lastShared(line(own), line(winner))).toBe(shared);
  });
});
