import type { AgentName } from '../../../src/model/index.ts';
import { isWell } from '../wellness.ts';
import { FAILURE_FORGOTTEN, TAKEOVER } from './bounds.ts';
import { askForStandby } from './deeds.ts';
import { failed, type Ordeal } from './ordeal.ts';

const AGENTS: readonly AgentName[] = ['drbd', 'lvm', 'lio-target', 'lio-lun', 'address'];

/** Neither node can start what is to move, until it has failed too often on both; then what was wrong is mended. */
export const wornOut: Ordeal = {
  weight: 1,
  befall(world, server, random) {
    const agent = random.pick(AGENTS);
    const trouble = random.pick(['fails', 'fails-late', 'kills'] as const);
    const what = { fails: 'fails', 'fails-late': 'fails after its work', kills: 'kills the agent host' }[
      trouble
    ];
    world.story.tell('FAULT', `last of all, every start of what ${agent} stands for ${what}`);
    for (const { agents } of world.machines) agents.broken.set(agent, { of: 'start', trouble });
    const wish = askForStandby(world, server);
    world.run(random.between(2000, 30_000));
    wish.mend();
    world.run(random.between(2000, 30_000));
    for (const { agents } of world.machines) agents.broken.delete(agent);
    world.story.tell('FAULT', 'it can be started again');
    const within = FAILURE_FORGOTTEN + TAKEOVER;
    if (!world.runUntil(within, () => isWell(world)))
      throw failed(world, `what failed too often was not started again within ${within / 1000} s`);
  },
};
