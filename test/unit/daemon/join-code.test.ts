import { expect, test } from 'vitest';
import { decodeJoinCode, encodeJoinCode, success } from '../../../src/model/index.ts';

const code = { secret: '00112233445566778899aabbccddeeff', address: '10.77.0.12' };
const text = encodeJoinCode(code);

test('a join code is seven groups of five letters and digits, and comes back as it was made', () => {
  expect(text).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(decodeJoinCode(text)).toEqual(success(code));
  const extremes = { secret: 'f'.repeat(32), address: '255.255.255.255' };
  expect(decodeJoinCode(encodeJoinCode(extremes))).toEqual(success(extremes));
  const least = { secret: '0'.repeat(32), address: '0.0.0.1' };
  expect(decodeJoinCode(encodeJoinCode(least))).toEqual(success(least));
});

test('it may be typed as people type: small letters, no hyphens, O for 0 and I or L for 1', () => {
  const typed = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  expect(decodeJoinCode(`  ${typed}\n`)).toEqual(success(code));
});

test('one letter that is wrong, or two that are exchanged, is found before anything is asked', () => {
  const letters = text.split('');
  let tried = 0;
  for (const [index, letter] of letters.entries()) {
    if (letter === '-') continue;
    const other = letter === 'Z' ? '7' : 'Z';
    const mistyped = letters.with(index, other).join('');
    expect(decodeJoinCode(mistyped)).toMatchObject({ failure: { message: 'the join code is mistyped' } });
    const next = letters[index + 1];
    if (next === undefined || next === '-' || next === letter) continue;
    const exchanged = letters
      .with(index, next)
      .with(index + 1, letter)
      .join('');
    expect(decodeJoinCode(exchanged)).toMatchObject({ failure: { code: 'join_code_wrong' } });
    tried += 1;
  }
  expect(tried).toBeGreaterThan(10);
});

test('what is cut off, or is no code at all, is told as such', () => {
  expect(decodeJoinCode(text.slice(0, -3))).toMatchObject({
    failure: { message: 'the join code has 35 letters and digits, and this has 32' },
  });
  expect(decodeJoinCode('U'.repeat(35))).toMatchObject({
    failure: { message: 'the join code has letters and digits only, and no U' },
  });
});
