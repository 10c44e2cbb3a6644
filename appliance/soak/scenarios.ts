import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import { machineProcess } from '../lab/power/state.ts';
import { storageNodeNames, type NetworkName, type StorageNodeName } from '../lab/topology.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf, type Phases } from '../trial/failover.ts';
import { cutBothWhileChanging } from '../trial/double-cut.ts';
import { killEngineOften } from '../trial/engine-kills.ts';
import { interruptCreate, killers } from '../trial/interrupted-create.ts';
import type { San } from '../trial/san.ts';

/** What was seen beside the load's own verdict: what went wrong, and times worth telling. */
export interface Finding {
  readonly wrong: readonly string[];
  readonly told: string;
  readonly phases?: Phases;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Run as often as `--cuts` says. */
  readonly repeated?: boolean;
  readonly run: (lab: Lab, san: San) => Promise<Finding>;
}

/** Long enough to see that nothing happens, in milliseconds. */
const NOTHING_HAPPENS = 30_000;
const SERVED_AGAIN = 300_000;
/** A new process and its first looks, under emulation. */
const TRUE_AGAIN = 30_000;

const processes = (lab: Lab): Record<StorageNodeName, number | undefined> => ({
  'san-a': machineProcess(lab.settings, 'san-a'),
  'san-b': machineProcess(lab.settings, 'san-b'),
});

/** The nodes whose power was off since: another process runs the machine now, or none. */
function fencedSince(
  lab: Lab,
  before: Record<StorageNodeName, number | undefined>,
): readonly StorageNodeName[] {
  const now = processes(lab);
  return storageNodeNames.filter((node) => now[node] !== before[node]);
}

const powerCut: Scenario = {
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

/** Links between the nodes are cut while both live: exactly one of them may go on. */
const linkCut = (name: string, networks: readonly NetworkName[], what: string): Scenario => ({
  name,
  what,
  run: async (lab, san) => {
    const primary = await primaryOf(san);
    const before = processes(lab);
    const began = Date.now();
    for (const network of networks) await lab.node('san-b').linkDown(network);
    try {
      await san.waitFor(
        'one node was fenced and the other serves',
        SERVED_AGAIN,
        (status) => status.serving && fencedSince(lab, before).length > 0,
      );
      const took = Date.now() - began;
      await wait(NOTHING_HAPPENS);
      const fenced = fencedSince(lab, before);
      const serving = await primaryOf(san);
      const wrong = [
        ...(fenced.length === 1 ? [] : [`${fenced.length} nodes were fenced: ${fenced.join(', ')}`]),
        ...(fenced[0] !== serving ? [] : [`${serving} serves, and was fenced itself`]),
      ];
      const told = `${fenced.join()} fenced, ${serving} (primary before: ${primary}) serves after ${took / 1000} s`;
      return { wrong, told };
    } finally {
      for (const network of networks) await lab.node('san-b').linkUp(network);
      await bothCurrent(lab, san);
    }
  },
});

const replicationCut = linkCut(
  'replication-cut',
  ['replication'],
  'the replication link is cut while both nodes live',
);
const bothCut = linkCut(
  'both-cut',
  ['cluster', 'replication'],
  'cluster and replication links are cut while both nodes live: a fence race',
);

/** Corosync goes on by its second link: nothing happens but that it is told. */
const clusterCut: Scenario = {
  name: 'cluster-cut',
  what: 'the cluster link is cut while both nodes live: the other link carries on',
  run: async (lab, san) => {
    const primary = await primaryOf(san);
    const before = processes(lab);
    const isTold = ({ code }: Problem): boolean => code === 'link_down';
    await lab.node('san-b').linkDown('cluster');
    try {
      const status = await san.waitFor('the status tells of the link', SERVED_AGAIN, ({ problems }) =>
        problems.some(isTold),
      );
      await wait(NOTHING_HAPPENS);
      const wrong = fencedSince(lab, before).map((fenced) => `${fenced} was fenced`);
      if ((await primaryOf(san)) !== primary) wrong.push('there was a failover');
      return { wrong, told: `"${status.problems.find(isTold)?.message ?? ''}"` };
    } finally {
      await lab.node('san-b').linkUp('cluster');
      await bothCurrent(lab, san);
    }
  },
};

const standbyCut: Scenario = {
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

/** Not the warning of the board's regular check, but a fencing that is needed and fails. */
const isStuck = ({ code, severity }: Problem): boolean =>
  code === 'fence_unreachable' && severity === 'data-not-served';

const boardDown: Scenario = {
  name: 'board-down',
  what: 'the power is cut while the management board cannot be reached',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const survivor = otherThan(node);
    const wrong: string[] = [];
    await lab.node(node).boardDown();
    await lab.node(node).powerCut();
    const stuck = await san.waitFor(
      'the status says that fencing fails',
      SERVED_AGAIN,
      (status) => status.problems.some(isStuck),
      survivor,
    );
    const problem = stuck.problems.find(isStuck);
    if (!problem?.message.includes(node) || problem.next === '')
      wrong.push('the problem does not name the node or the next step');
    const end = Date.now() + NOTHING_HAPPENS;
    while (Date.now() < end) {
      const status = await san.status(survivor);
      if (status.serving || status.pools.some(({ primary }) => primary === survivor))
        wrong.push(`${survivor} serves without a fencing`);
      await wait(2000);
    }
    await lab.node(node).boardUp();
    const answered = Date.now();
    await san.waitFor(`${survivor} serves`, SERVED_AGAIN, (status) => status.serving, survivor);
    const told = `"${problem?.message ?? ''}"; served ${(Date.now() - answered) / 1000} s after the board answered again`;
    await bothCurrent(lab, san);
    return { wrong: [...new Set(wrong)], told };
  },
};

const diskFailure: Scenario = {
  name: 'disk-failure',
  what: 'the disk of the node that serves fails',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const before = processes(lab);
    await lab.node(node).failDisk();
    const began = Date.now();
    await san.waitFor(
      `${otherThan(node)} serves, whose disk is good`,
      SERVED_AGAIN,
      (status) => status.serving && status.pools.every(({ primary }) => primary === otherThan(node)),
    );
    const told = `${otherThan(node)} serves after ${((Date.now() - began) / 1000).toFixed(1)} s`;
    const wrong = fencedSince(lab, before).map((fenced) => `${fenced} was fenced`);
    // The same disk with its old data comes back with a boot, as after a cable was mended.
    await lab.node(node).healDisk();
    await lab.node(node).powerCut();
    await bothCurrent(lab, san);
    return { wrong, told };
  },
};

const killProcesses: Scenario = {
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

const interruptedCreate: Scenario = {
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

const reboot: Scenario = {
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

/** Of one run of `engine-kills`. */
const KILLS = 100;

const engineKills: Scenario = {
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

const doubleCut: Scenario = {
  name: 'double-cut',
  what: 'the power of both nodes is cut at once while configuration changes are acknowledged',
  repeated: true,
  run: async (lab, san) => {
    // Somewhere in the stream of changes, never at the same place.
    const after = 3000 + Math.floor(Math.random() * 7000);
    const { acknowledged, wrong } = await cutBothWhileChanging(lab, san, Date.now() % 100_000, after);
    await bothCurrent(lab, san);
    return { wrong, told: `cut after ${after} ms, ${acknowledged} changes acknowledged` };
  },
};

export const scenarios: readonly Scenario[] = [
  powerCut,
  standbyCut,
  replicationCut,
  clusterCut,
  bothCut,
  boardDown,
  diskFailure,
  killProcesses,
  interruptedCreate,
  reboot,
  engineKills,
  doubleCut,
];
