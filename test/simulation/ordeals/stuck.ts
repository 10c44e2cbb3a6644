import type { AgentName } from '../../../src/model/index.ts';
import { TAKEOVER, UNANSWERED } from './bounds.ts';
import { askForStandby } from './deeds.ts';
import { lostNode, mayBeBackFirst } from './lost-node.ts';

const AGENTS: readonly AgentName[] = ['drbd', 'lvm', 'lio-target', 'lio-lun', 'address'];

/** What is to move away does not let itself be stopped: only the power switch helps (S9). */
export const willNotStop = lostNode(2, (world, server, random) => {
  const agent = random.pick(AGENTS);
  server.agents.unstoppable = agent;
  server.staysDark = random.chance(0.5) || mayBeBackFirst(world);
  const { what, mend } = askForStandby(world, server);
  return {
    what: `${what}what ${agent} stands for does not let itself be stopped there`,
    victims: [server],
    within: TAKEOVER,
    mend,
  };
});

/** What is to move away is neither stopped nor not: nobody says what became of it, and so nobody trusts that node. */
export const answersNothing = lostNode(2, (world, server, random) => {
  server.agents.setMute(true);
  server.staysDark = random.chance(0.5);
  const { what, mend } = askForStandby(world, server);
  return {
    what: `${what}its agent host is not heard any more`,
    victims: [server],
    within: UNANSWERED + TAKEOVER,
    mend,
  };
});
