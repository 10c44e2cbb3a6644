import { setTimeout as wait } from 'node:timers/promises';
import type { PoolView, StatusView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import { clientName } from '../../trial/cluster-file.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import { fencedSince, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

const MIB = 2 ** 20;
/** What is written by hand on the copy that does not serve, in MiB, and where. */
const JUNK = { size: 4, at: 64 };
const MINOR = 0;
/** A resync of what both have written, in milliseconds. */
const RECOVERED = 900_000;

const demandOnBoth = async (lab: Lab, script: string): Promise<void> => {
  for (const node of storageNodeNames) await lab.node(node).demand(script);
};

/** Until the kernel of the node says one of these of its connection. */
const untilConnection = (lab: Lab, node: StorageNodeName, words: string): Promise<string> =>
  lab.node(node).demand(
    `for attempt in $(seq 120); do drbdsetup cstate ${MINOR} | grep -qE '^(${words})$' && exit 0; sleep 1; done
drbdsetup cstate ${MINOR} >&2; exit 1`,
    { timeout: 300_000 },
  );

const setMaintenance = async (san: San, node: StorageNodeName, maintenance: boolean): Promise<void> => {
  await san.call(node, 'PATCH', '/cluster', { maintenance });
  await san.waitFor(
    `maintenance is ${maintenance ? 'on' : 'off'}`,
    SERVED_AGAIN,
    (status) => (status.maintenance === true) === maintenance,
    node,
  );
};

/**
 * What somebody does who trusts nobody: Keelson is told to keep its hands off, DRBD's fencing is switched off, the
 * mirror network goes away, and both copies are written to. When the network is back, DRBD refuses to connect.
 */
async function makeSplit(lab: Lab, san: San, server: StorageNodeName): Promise<void> {
  const mirror = otherThan(server);
  await setMaintenance(san, server, true);
  await demandOnBoth(lab, `drbdsetup disk-options ${MINOR} --fencing=dont-care`);
  try {
    await lab.node(mirror).linkDown('replication');
    await untilConnection(lab, server, 'WFConnection|StandAlone');
    await untilConnection(lab, mirror, 'WFConnection|StandAlone');
    // udev looks into a device that was written to whenever it is closed.
    await lab.node(mirror).demand(
      `set -e
drbdsetup primary ${MINOR} --force
dd if=/dev/urandom of=/dev/drbd${MINOR} bs=1M count=${JUNK.size} seek=${JUNK.at} oflag=direct conv=notrunc,fsync
for attempt in $(seq 30); do drbdsetup secondary ${MINOR} && exit 0; sleep 1; done; exit 1`,
      { timeout: 300_000 },
    );
    // The host writes to the other one meanwhile.
    await wait(5000);
  } finally {
    await lab.node(mirror).linkUp('replication');
  }
  await Promise.any(storageNodeNames.map((node) => untilConnection(lab, node, 'StandAlone')));
  await demandOnBoth(lab, `drbdsetup disk-options ${MINOR} --fencing=resource-and-stonith`);
  await setMaintenance(san, server, false);
}

const problemIn = ({ problems }: StatusView) => problems.find(({ code }) => code === 'pool_split');

/** What is wrong with what the two nodes say. */
async function checkTold(lab: Lab, san: San, server: StorageNodeName): Promise<readonly string[]> {
  const wrong: string[] = [];
  const told: string[] = [];
  for (const node of storageNodeNames) {
    const status = await san.waitFor(
      `${node} tells of the split brain`,
      SERVED_AGAIN,
      (seen) => problemIn(seen) !== undefined,
      node,
    );
    told.push(JSON.stringify(problemIn(status)));
    if (!status.serving || status.survivesFailure)
      wrong.push(`${node} says: ${status.problems[0]?.message ?? ''}`);
    if (status.pools[0]?.primary !== server)
      wrong.push(`${node} sees ${status.pools[0]?.primary ?? 'no node'} serve`);
    const screen = await lab.node(node).demand(['keelson', 'status']);
    if (!screen.includes('pool_split') || !screen.includes('next: keelson pool recover'))
      wrong.push(`keelson status on ${node} does not say what to type:\n${screen}`);
  }
  if (told[0] !== told[1]) wrong.push(`the nodes differ: ${told.join(' and ')}`);
  return wrong;
}

/** What is wrong with what each copy is said to have. */
function checkCopies({ split }: PoolView, server: StorageNodeName): readonly string[] {
  const [served, other] = [server, otherThan(server)].map((node) =>
    split?.copies.find((copy) => copy.node === node),
  );
  const isRight =
    served?.serves === true &&
    (served.differs ?? 0) > 0 &&
    served.hosts?.includes(clientName) === true &&
    other?.serves === false &&
    (other.differs ?? 0) >= JUNK.size * MIB &&
    other.hosts === undefined;
  return isRight ? [] : [`each copy is said to have: ${JSON.stringify(split)}`];
}

export const splitBrain: Scenario = {
  name: 'split-brain',
  what: 'people make a split brain by hand: both nodes tell of it, nothing stale is served, and the copy that a person names is discarded',
  makesTwoPrimaries: true,
  run: async (lab, san) => {
    const server = await primaryOf(san);
    const mirror = otherThan(server);
    const before = processes(lab);
    await makeSplit(lab, san, server);
    const wrong = [...(await checkTold(lab, san, server))];
    const pool = (await san.status(mirror)).pools[0];
    if (pool === undefined) throw new Error('there is no pool');
    wrong.push(...checkCopies(pool, server));
    const shown = await lab.node(mirror).demand(['keelson', 'pool', 'recover', pool.name]);
    if (!shown.includes(`keelson pool recover ${pool.name} --discard ${mirror}`))
      wrong.push(`keelson pool recover does not say what to type:\n${shown}`);

    const path = `/pools/${pool.name}/recover`;
    const refused = await san.call(mirror, 'POST', path, { discard: server });
    if ((refused.body as { readonly code?: string }).code !== 'recovery_victim_serves')
      wrong.push(`the copy that serves is discarded: ${JSON.stringify(refused.body)}`);

    const began = Date.now();
    const words = ['--discard', mirror, '--acknowledge', `discard ${mirror}`];
    const recovered = await lab
      .node(mirror)
      .run(['keelson', 'pool', 'recover', pool.name, ...words], { timeout: RECOVERED });
    if (recovered.exitCode !== 0) wrong.push(`keelson pool recover: ${recovered.stderr}`);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    await bothCurrent(lab, san);
    for (const node of storageNodeNames)
      if (problemIn(await san.status(node)) !== undefined) wrong.push(`${node} still tells of it`);
    wrong.push(...fencedSince(lab, before).map((fenced) => `${fenced} was fenced`));
    // What the host wrote is on the copy that was discarded, and nothing of what was written there by hand.
    const phases = await cutPrimary(lab, san, server);
    await bothCurrent(lab, san);
    return { wrong, told: `the changes of ${mirror} were discarded in ${seconds} s`, phases };
  },
};
