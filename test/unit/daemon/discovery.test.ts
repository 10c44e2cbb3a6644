import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDiscovery } from '../../../src/daemon/discovery.ts';
import { milliseconds } from '../../../src/model/index.ts';
import { createClock } from '../../../src/platform/world.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

const hostProgram = join(import.meta.dirname, '../platform/fixtures/agent-host.ts');
const board = { kind: 'ipmi', address: '10.0.0.5', port: 623, username: 'u', password: 'p' } as const;

const discovery = (timeout = milliseconds(20_000)) =>
  createDiscovery({ hostProgram, node: 'san-a', log: recordingLog(), clock: createClock(), timeout });

const isThere = (process_: number): boolean => {
  try {
    return process.kill(process_, 0);
  } catch {
    return false;
  }
};

test('a device is asked in a process of its own, which ends with the answer', async () => {
  const found = await discovery()({ device: board }, ['san-a']);
  expect(found).toMatchObject({
    ok: true,
    value: {
      outlets: [{ name: '10.0.0.5' }],
      proposals: [{ node: 'san-a', fence: { kind: 'ipmi', address: '10.0.0.5', port: 623 } }],
    },
  });
  const id = Number(/\d+$/.exec(found.ok ? found.value.about : '')?.[0]);
  expect(id).toBeGreaterThan(1);
  await expect.poll(() => isThere(id)).toBe(false);
});

test('the nodes that are named go before those of the cluster', async () => {
  const found = await discovery()({ device: board, nodes: ['san-x'] }, ['san-a', 'san-b']);
  expect(found).toMatchObject({ value: { proposals: [{ node: 'san-x' }] } });
});

test('a kind that cannot say what it switches is told so; more than a few at once are refused', async () => {
  const discover = discovery(milliseconds(2000));
  expect(await discover({ device: { kind: 'sbd', disks: ['/dev/disk/by-id/x'] } }, [])).toMatchObject({
    failure: { code: 'agent_unsupported' },
  });
  const silent = { ...board, address: '10.0.0.66' };
  const waiting = [1, 2, 3, 4].map(() => discover({ device: silent }, []));
  expect(await discover({ device: board }, [])).toMatchObject({ failure: { code: 'busy' } });
  for (const end of await Promise.all(waiting))
    expect(end).toMatchObject({ failure: { code: 'agent_timeout' } });
});
