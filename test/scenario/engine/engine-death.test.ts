import { describe, expect, test } from 'vitest';
import { DATA_LUN } from '../../simulation/world.ts';
import { MINUTE, San, SECOND } from './san.ts';

describe('the engine of the serving node is killed', () => {
  test('nothing that runs is touched, and afterwards both engines know the truth', () => {
    const san = San.serving();
    const begun: string[] = [];
    for (const machine of [san.alpha, san.beta])
      machine.onBegin = (work) => {
        if (work.operation !== 'monitor') begun.push(`${machine.name} ${work.agent} ${work.operation}`);
      };
    san.world.host.longestSilence = 0;
    san.alpha.killEngine();
    san.for(30 * SECOND);

    expect(begun).toEqual([]);
    expect(san.world.host.longestSilence).toBeLessThan(SECOND);
    expect(san.isWell()).toBe(true);
    for (const machine of [san.alpha, san.beta])
      expect(san.status(machine).luns).toMatchObject([{ name: DATA_LUN, servedBy: 'alpha' }]);
  });

  test('one that stays away is fenced after its grace, and the other node serves', () => {
    const san = San.serving();
    san.alpha.killEngine(10 * MINUTE);
    san.for(15 * SECOND);
    expect(san.server).toBe(san.alpha);
    expect(san.status(san.beta).nodes.find(({ name }) => name === 'alpha')?.state).toBe('engine-gone');

    san.eventually('beta serves', () => san.server === san.beta, 30 * SECOND);
    san.hostGetsOn();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('alone, while the other node is off: it goes on to manage what runs', () => {
    const san = San.serving();
    san.beta.cut();
    san.world.board(san.beta).reachable = true;
    san.eventually('alpha goes on alone', () => san.solo(san.alpha) === 'alpha');
    san.alpha.killEngine();
    san.for(3 * SECOND);
    expect(san.status(san.alpha).synchronised).toBe(true);
    san.hostGetsOn();
  });
});
