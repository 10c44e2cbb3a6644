import { setTimeout as wait } from 'node:timers/promises';
import { primaryOf } from '../../trial/failover.ts';
import { killEngineOften } from '../../trial/engine-kills.ts';
import { interruptCreate, killers } from '../../trial/interrupted-create.ts';
import { fencedSince, processes, type Scenario } from './scenario.ts';

/** A new process and its first looks, under emulation. */
const TRUE_AGAIN = 30_000;

export const killProcesses: Scenario = {
  name: 'kill-processes',
  what: 'each of our processes on the node that serves is killed with SIGKILL',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const before = processes(lab);
    const wrong: string[] = [];
    const told: string[] = [];
    for (const [what, script] of Object.entries(killers)) {
      await lab.node(node).demand(script);
      const killed = Date.now();
      await wait(500);
      await san.waitFor(
        `${node} tells the truth again after ${what} was killed`,
        TRUE_AGAIN,
        (status) =>
          status.serving && status.survivesFailure && status.pools.every(({ primary }) => primary === node),
        node,
      );
      told.push(`${what}: status true after ${((Date.now() - killed) / 1000).toFixed(1)} s`);
      await wait(5000);
    }
    if ((await primaryOf(san)) !== node) wrong.push('there was a failover');
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);
    return { wrong, told: told.join('; ') };
  },
};

export const interruptedCreate: Scenario = {
  name: 'interrupted-create',
  what: 'each of our processes is killed in the middle of a create',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const before = processes(lab);
    const wrong: string[] = [];
    for (const victim of ['api', 'agent hosts', 'engine'] as const) {
      const name = `interrupted-${victim.replace(' ', '-')}`;
      const found = await interruptCreate(lab, san, node, victim, name);
      wrong.push(...found.map((what) => `${victim}: ${what}`));
      await san.deleteLun(name, node);
    }
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);
    return { wrong, told: 'each LUN was there once, and went again' };
  },
};

/** Of one run of `engine-kills`. */
const KILLS = 100;

export const engineKills: Scenario = {
  name: 'engine-kills',
  what: `the engine of the node that serves is killed with SIGKILL ${KILLS} times`,
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const before = processes(lab);
    const { body } = await san.call(node, 'GET', '/status');
    const revision = (body as { readonly revision: number }).revision;
    const wrong = [...(await killEngineOften(lab, san, node, KILLS))];
    const after = ((await san.call(node, 'GET', '/status')).body as { readonly revision: number }).revision;
    if (after < revision) wrong.push(`the configuration went back from revision ${revision} to ${after}`);
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);
    return { wrong, told: `${KILLS} kills on ${node}, revision ${revision} before and ${after} after` };
  },
};
