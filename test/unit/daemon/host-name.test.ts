import { expect, test } from 'vitest';
import { createHostNameWatch } from '../../../src/daemon/host-name.ts';

test('a host that is renamed is told of until it has its name back', () => {
  let name = 'alpha';
  let again: () => void = () => undefined;
  const told: (string | undefined)[] = [];
  const after = (_delay: number, fired: () => void): { cancel(): void } => {
    again = fired;
    return { cancel: () => undefined };
  };
  createHostNameWatch('alpha', () => name, { after }).start((key, failure) => {
    expect(key).toBe('host-name');
    told.push(failure && `${failure.code}: ${failure.message}`);
  });
  again();
  name = 'web-7';
  again();
  name = 'alpha';
  again();
  expect(told).toEqual([
    undefined,
    'node_name_differs: the host calls itself web-7, and is the node alpha',
    undefined,
  ]);
});
