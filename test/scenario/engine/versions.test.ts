import { describe, expect, test } from 'vitest';
import { PROTOCOL } from '../../../src/engine/controller/messages.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { WireTap } from './wire-tap.ts';

const inVersion = (payload: string, version: number): string =>
  payload.replace(/^keelson\/\d+ /, `keelson/${version} `);

describe('a node is upgraded to a version that the other one does not understand', () => {
  test.each([
    ['newer', PROTOCOL + 1],
    ['older', PROTOCOL - 1],
  ])('a %s one: the one that serves goes on, the status says which node runs what', (_, version) => {
    const san = San.serving();
    const tap = new WireTap(san);
    tap.change = (payload, from) => [from === san.beta.id ? inVersion(payload, version) : payload];
    const { began } = san.watchWork(san.alpha);
    san.world.host.longestSilence = 0;
    san.beta.killEngine();
    san.eventually('alpha tells of it', () =>
      san.status(san.alpha).problems.some(({ code }) => code === 'message_version'),
    );
    const problem = san.status(san.alpha).problems.find(({ code }) => code === 'message_version');
    expect(problem?.message).toBe(
      `alpha: a message of beta was refused: its engine speaks version ${version} of the protocol, this one ${PROTOCOL}`,
    );
    expect(problem?.next).toContain('Install the same version of Keelson on all nodes');

    san.for(10 * MINUTE);
    for (const machine of [san.alpha, san.beta]) expect(san.status(machine).synchronised).toBe(false);
    expect(san.world.host.longestSilence).toBeLessThan(SECOND);
    expect(san.server).toBe(san.alpha);
    expect(san.fencings).toBe(0);
    expect(began.filter(({ operation }) => operation !== 'monitor')).toEqual([]);
    expect(san.alpha.engine?.state.view.deferred.length).toBeLessThan(50);

    tap.change = (payload) => [payload];
    san.beta.killEngine();
    san.eventually('all is well', () => san.isWell());
    san.eventually(
      'the status is clean',
      () => san.status(san.alpha).problems.length === 0 && san.status(san.beta).problems.length === 0,
    );
  });
});

describe('what a node tells when the group changes is damaged on its way', () => {
  test.each(['sync', 'config'] as const)(
    'its %s: all tell once more, and the view becomes complete',
    (kind) => {
      const san = San.serving();
      const tap = new WireTap(san);
      let left = 2;
      tap.change = (payload) => [
        payload.includes(`"message":{"kind":"${kind}"`) && left-- > 0 ? payload.slice(0, -5) : payload,
      ];
      // So that the configurations differ: beta has missed a LUN.
      san.beta.cut();
      san.world.board(san.beta).reachable = true;
      san.eventually('alpha goes on alone', () => san.solo(san.alpha) === 'alpha');
      san.eventually('both are there again', () => san.isWell(), 5 * MINUTE);
      expect(left).toBeLessThan(2);
    },
  );
});
