import { expect, test } from 'vitest';
import { createFilter } from '../../../src/report/filter.ts';

const nothingKnown = createFilter([]);

test.each([
  ['ipmitool password=hunter2 done', 'ipmitool password=[secret removed] done'],
  ['{"password":"a\\"b","port":623}', '{"password":"[secret removed]","port":623}'],
  [
    'said {\\"community\\":\\"public1\\",\\"x\\":1}',
    'said {\\"community\\":\\"[secret removed]\\",\\"x\\":1}',
  ],
  ['Authorization: Bearer abc.def', 'Authorization: [secret removed]'],
  ['net { shared-secret "x y"; }', 'net { shared-secret "[secret removed]"; }'],
  ['qemu+tcp://root:pw1@10.0.0.1/system', 'qemu+tcp://root:[secret removed]@10.0.0.1/system'],
  ['totem.key (str) = 1234', 'totem.key (str) = [secret removed]'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nafter', '[secret removed]\nafter'],
])('what looks like a secret is taken out of %s', (text, left) => {
  expect(nothingKnown(text)).toBe(left);
});

test.each([
  'token: 3000',
  'totem.token (u32) = 3000',
  '"password":"(hidden)"',
  'secrets are hidden',
  'ring0_addr: 10.0.0.1',
])('%s is no secret', (text) => expect(nothingKnown(text)).toBe(text));

test('a value of three characters is taken out where it stands alone', () => {
  expect(createFilter(['abc'])('abc, abcd and "abc"')).toBe('[secret removed], abcd and "[secret removed]"');
});

test('where one secret begins as another, the whole of the longer goes', () => {
  expect(createFilter(['longsecret', 'longsecretmore'])('longsecretmore longsecret')).toBe(
    '[secret removed] [secret removed]',
  );
});
