import { describe, expect, test } from 'vitest';
import { bytes, EXTENT } from '../../../src/model/index.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const client = 'iqn.2026-11.com.example:client';
const session = { initiator: client, address: '10.77.3.10', portal: '10.77.3.100' };

/** The host logs in, and no monitor has looked since. */
function loggedIn(): { readonly san: San; readonly wishes: Wishes } {
  const san = San.serving();
  const server = san.server ?? san.alpha;
  server.kernel.sessions = [session];
  return { san, wishes: new Wishes(san) };
}

describe('while a host is logged in', () => {
  test('its LUN is neither deleted nor hidden, whichever node is asked, and the answer names the session', () => {
    const { san, wishes } = loggedIn();
    for (const machine of [san.alpha, san.beta])
      for (const answer of [
        wishes.ask('lun.delete', { name: 'data' }, machine),
        wishes.ask('lun.unmap', { name: 'data', host: 'client' }, machine),
      ])
        expect(answer).toEqual({
          ok: false,
          failure: {
            code: 'sessions_open',
            message: `LUN data is used by client (${client}, from 10.77.3.10, through 10.77.3.100, on ${san.server?.name ?? ''})`,
          },
        });
    san.hostGetsOn();
    expect(wishes.ask('sessions', { lun: 'data' }, san.other)).toEqual({
      ok: true,
      value: {
        sessions: [
          { ...session, host: 'client', target: expect.any(String) as string, node: san.server?.name },
        ],
        unseen: [],
      },
    });
  });

  test('its initiator stays; another one may go, and the host itself once it has logged out', () => {
    const { san, wishes } = loggedIn();
    const second = 'iqn.2026-11.com.example:client-2';
    expect(wishes.ask('host.set', { name: 'client', initiators: [client, second] })).toMatchObject({
      ok: true,
    });
    expect(wishes.ask('host.set', { name: 'client', initiators: [second] })).toMatchObject({
      ok: false,
      failure: { code: 'sessions_open' },
    });
    expect(wishes.ask('host.set', { name: 'client', initiators: [client] })).toMatchObject({ ok: true });

    const idle = { name: 'idle', initiators: [second] };
    wishes.ask('host.create', idle);
    const serving = san.server ?? san.alpha;
    serving.kernel.sessions = [session, { initiator: second }];
    expect(wishes.ask('host.delete', { name: 'idle' })).toMatchObject({
      ok: false,
      failure: { code: 'sessions_open', message: expect.stringContaining('host idle') as string },
    });
    serving.kernel.sessions = [session];
    expect(wishes.ask('host.delete', { name: 'idle' })).toMatchObject({ ok: true, value: { deleted: true } });
  });

  test('force deletes the LUN all the same', () => {
    const { san, wishes } = loggedIn();
    wishes.ask('lun.create', { name: 'spare', size: bytes(8 * EXTENT) });
    san.eventually('it is served', () => san.server?.kernel.serves('spare') === true);
    expect(wishes.ask('lun.delete', { name: 'spare' })).toMatchObject({
      ok: false,
      failure: { code: 'sessions_open' },
    });
    expect(wishes.ask('lun.delete', { name: 'spare', force: true })).toMatchObject({ ok: true });
    san.eventually('it is gone', () => san.server?.kernel.serves('spare') === false);
    san.hostGetsOn();
  });
});

test('where the node cannot tell, nothing is deleted before somebody insists, and nothing waits for ever', () => {
  const { san, wishes } = loggedIn();
  const server = san.server ?? san.alpha;
  san.failMonitors(server, 'lio-target', MINUTE);
  const answer = wishes.ask('lun.unmap', { name: 'data', host: 'client' }, san.other);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'sessions_unknown' } });
  expect(wishes.ask('sessions', {}, san.other)).toMatchObject({
    ok: true,
    value: { sessions: [], unseen: [{ node: server.name }] },
  });
  expect(wishes.ask('lun.unmap', { name: 'data', host: 'client', force: true })).toMatchObject({ ok: true });
});

test('a look that was asked for disturbs no host and no plan', () => {
  const { san, wishes } = loggedIn();
  const before = san.fencings;
  for (let round = 0; round < 5; round += 1) wishes.ask('sessions', {}, san.other);
  san.for(20 * SECOND);
  san.hostGetsOn();
  expect(san.fencings).toBe(before);
  expect(san.isWell()).toBe(true);
});
