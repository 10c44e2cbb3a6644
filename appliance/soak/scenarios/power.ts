import { setTimeout as wait } from 'node:timers/promises';
import { bothCurrent, cutPrimary, otherThan, primaryOf } from '../../trial/failover.ts';
import { cutBothWhileChanging } from '../../trial/double-cut.ts';
import { fencedSince, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

export const powerCut: Scenario = {
  name: 'power-cut',
  what: 'the power of the node that serves is cut',
  repeated: true,
  run: async (lab, san) => {
    const node = await primaryOf(san);
    await wait(5000);
    const phases = await cutPrimary(lab, san, node);
    await bothCurrent(lab, san);
    return { wrong: [], told: `cut ${node}`, phases };
  },
};

export const standbyCut: Scenario = {
  name: 'standby-cut',
  what: 'the power of the node that only mirrors is cut',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    await lab.node(otherThan(node)).powerCut();
    await san.waitFor(
      `${otherThan(node)} is fenced, and ${node} serves on`,
      SERVED_AGAIN,
      (status) => status.serving && status.nodes.some(({ fencing }) => fencing?.state === 'confirmed'),
      node,
    );
    await bothCurrent(lab, san);
    return {
      wrong: (await primaryOf(san)) === node ? [] : ['there was a failover'],
      told: `${node} served on`,
    };
  },
};

export const reboot: Scenario = {
  name: 'reboot',
  what: 'the node that serves is rebooted: it hands over first, and nobody is fenced',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const survivor = otherThan(node);
    const before = processes(lab);
    // The connection ends with the machine.
    await lab.node(node).run(['systemctl', 'reboot']);
    const began = Date.now();
    const left = await san.waitFor(
      `${survivor} serves, and ${node} has gone`,
      SERVED_AGAIN,
      (status) =>
        status.serving &&
        status.pools.every(({ primary }) => primary === survivor) &&
        status.nodes.some(({ name, state }) => name === node && state !== 'online'),
      survivor,
    );
    const told = `${survivor} serves after ${((Date.now() - began) / 1000).toFixed(1)} s`;
    const wrong = left.nodes.some(({ name, state }) => name === node && state === 'lost')
      ? [`${node} is lost, and did not leave`]
      : [];
    await bothCurrent(lab, san);
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);
    return { wrong, told };
  },
};

export const doubleCut: Scenario = {
  name: 'double-cut',
  what: 'the power of both nodes is cut at once while configuration changes are acknowledged',
  repeated: true,
  run: async (lab, san) => {
    // Somewhere in the stream of changes, never at the same place.
    const after = 3000 + Math.floor(Math.random() * 7000);
    const { acknowledged, wrong } = await cutBothWhileChanging(lab, san, Date.now() % 100_000, after);
    return { wrong, told: `cut after ${after} ms, ${acknowledged} changes acknowledged` };
  },
};
