import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownerIn } from '../../../src/platform/neighbours.ts';

const address = Buffer.from('20010db8000500000000000000000010', 'hex');
const head = '8800000060000000';
const target = '20010db8000500000000000000000010';

test.each([
  ['the card that an answer names', `${head}${target}0201525400000009`, '52:54:00:00:00:09'],
  ['it behind another option', `${head}${target}0e010000000000000201525400000009`, '52:54:00:00:00:09'],
  ['nobody, where it names none', `${head}${target}`, undefined],
  ['nobody, where it is about another address', `${head}${target.slice(0, -2)}110201525400000009`, undefined],
  ['nobody in a question', `8700000000000000${target}0101525400000009`, undefined],
  ['nobody behind an option without a length', `${head}${target}0e000000000000000201525400000009`, undefined],
  ['nobody in one that is cut off', `${head}${target}02015254`, undefined],
  ['nobody in nothing', '', undefined],
])('an advertisement tells %s', (_what, message, owner) => {
  expect(ownerIn(Buffer.from(message, 'hex'), address)).toBe(owner);
});

const spaces = ['left', 'right', 'third'].map((name) => `keelson-${name}-${process.pid}`);
const [left = '', ...others] = spaces;

function ip(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}
const asker = join(import.meta.dirname, 'fixtures/ask-neighbours.ts');
const ask = (asked: string): unknown =>
  JSON.parse(ip('netns', 'exec', left, process.execPath, asker, 'c0', asked));

const hasNetworks = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list']).status === 0;

describe.skipIf(!hasNetworks)('machines in one network', { timeout: 120_000 }, () => {
  beforeEach(() => {
    for (const space of spaces) ip('netns', 'add', space);
    ip('-n', left, 'link', 'add', 'c0', 'type', 'bridge');
    for (const [index, space] of others.entries()) {
      ip('link', 'add', `p${index}`, 'netns', left, 'type', 'veth', 'peer', 'c0', 'netns', space);
      ip('-n', left, 'link', 'set', `p${index}`, 'master', 'c0', 'up');
    }
    for (const [index, space] of spaces.entries()) {
      ip('-n', space, 'link', 'set', 'c0', 'up');
      ip('-n', space, 'address', 'add', `2001:db8:5::${index + 1}/64`, 'dev', 'c0', 'nodad');
    }
  });
  afterEach(() => {
    for (const space of spaces) ip('netns', 'delete', space);
  });

  test('each that has the address answers, those too that the asking one does not believe; nobody is told a wrong owner', () => {
    expect(ask('2001:db8:5::10')).toEqual([]);
    for (const space of others) ip('-n', space, 'address', 'add', '2001:db8:5::10/64', 'dev', 'c0', 'nodad');
    const macs = others.map((space) => ip('netns', 'exec', space, 'cat', '/sys/class/net/c0/address')).sort();
    expect(ask('2001:db8:5::10')).toEqual(macs);
    // Its own does not count, and it can still ask who has it too.
    ip('-n', left, 'address', 'add', '2001:db8:5::10/64', 'dev', 'c0', 'nodad');
    expect(ask('2001:db8:5::10')).toEqual(macs);
    for (const space of others) {
      ip('-n', space, 'address', 'delete', '2001:db8:5::10/64', 'dev', 'c0');
      expect(ip('-n', space, '-6', 'neigh', 'show', 'to', '2001:db8:5::10')).toBe('');
    }
    expect(ask('2001:db8:5::10')).toEqual([]);
  });

  test('a card that is not there, or is switched off, is said to be', () => {
    expect(() => ip('netns', 'exec', left, process.execPath, asker, 'c9', '2001:db8:5::10')).toThrow('c9');
    ip('-n', left, 'link', 'set', 'c0', 'down');
    expect(() => ask('2001:db8:5::10')).toThrow('c0');
  });
});
