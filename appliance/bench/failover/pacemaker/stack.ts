import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../../lab/error.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Progress } from '../../../lab/progress.ts';
import { storageNodeNames, type StorageNodeName } from '../../../lab/topology.ts';
import { otherThan } from '../../../trial/failover.ts';
import { inWords, lunName, writtenLun } from '../luns.ts';
import { TooSlow, type Stack } from '../stack.ts';
import { crmConfiguration, serialOf, targetsOf, volumeScript } from './configuration.ts';
import { labFacts, volumeGroup } from './facts.ts';
import { pacemakerSigns } from './signs.ts';
import { isWhole, promotedNode, readState, type PacemakerState } from './state.ts';

/** Python and shell under emulation; in milliseconds. */
const COMMAND = 300_000;
const CONFIGURE = 900_000;
const FIRST_NODES = 300_000;
const SETTLED = 1_800_000;
const AGAIN = 3000;
/** How long the handler's own constraint is waited for before it is taken away. */
const UNFENCED = 120_000;

/** `setUp` is how long a size may take until all is started, in milliseconds. */
export function pacemakerStack(lab: Lab, setUp: number, progress: Progress): Stack {
  const facts = labFacts(lab);
  let served = 0;

  /** As the first node tells it that takes part. */
  const look = async (): Promise<PacemakerState | undefined> => {
    for (const name of storageNodeNames) {
      const node = lab.node(name);
      if (!node.isPowered()) continue;
      const said = await node
        .run(['crm_mon', '--one-shot', '--output-as=xml'], { timeout: 60_000 })
        .catch(() => undefined);
      const state = said?.exitCode === 0 ? readState(said.stdout) : undefined;
      if (state?.ready.includes(name) === true) return state;
    }
    return undefined;
  };

  const until = async (
    what: string,
    timeout: number,
    isSo: (state: PacemakerState) => boolean,
  ): Promise<void> => {
    const start = performance.now();
    let last: PacemakerState | undefined;
    let told = 0;
    while (performance.now() < start + timeout) {
      last = await look();
      if (last !== undefined && isSo(last)) return;
      const minutes = Math.floor((performance.now() - start) / 60_000);
      if (minutes > told) {
        told = minutes;
        const started = last?.instances.filter(({ role }) => role === 'Started').length ?? 0;
        progress(`${minutes} min: ${started} resources started, waiting for: ${what}`);
      }
      await wait(AGAIN);
    }
    const seen = last === undefined ? 'no node answers' : JSON.stringify(last).slice(0, 2000);
    throw new LabError(
      'command-failed',
      `waited ${timeout / 60_000} minutes for: ${what}; seen: ${seen}`,
      'See `crm_mon` on the nodes.',
    );
  };

  const primary = async (): Promise<StorageNodeName> => {
    const state = await look();
    const promoted = state && promotedNode(state);
    const node = storageNodeNames.find((name) => name === promoted);
    if (node === undefined)
      throw new LabError('command-failed', 'Pacemaker has promoted no node', 'See `crm_mon` on the nodes.');
    return node;
  };

  /** All that serves so many LUNs. */
  const resourcesOf = (luns: number): readonly string[] => [
    'volumes',
    ...targetsOf(facts, luns).flatMap((target, index) => [
      `iqn-${index + 1}`,
      ...target.luns.map(lunName),
      ...target.addresses.map((_, address) => `address-${index + 1}-${address + 1}`),
    ]),
  ];

  const isServed = (state: PacemakerState): boolean => isWhole(state, resourcesOf(served));

  const whole = async (): Promise<void> => {
    await until(`${inWords(served)} started, both nodes online`, SETTLED, isServed);
    await current();
  };

  const current = async (): Promise<void> => {
    const end = performance.now() + SETTLED;
    const node = lab.node(await primary());
    for (;;) {
      if ((await node.demand(['cat', '/proc/drbd'])).includes('ds:UpToDate/UpToDate')) return;
      if (performance.now() > end)
        throw new LabError('command-failed', 'DRBD did not come to two current copies', 'See /proc/drbd.');
      await wait(AGAIN);
    }
  };

  const load = async (luns: number): Promise<void> => {
    const node = lab.node(served === 0 ? storageNodeNames[0] : await primary());
    progress(`${node.name}: crm configure load update (${inWords(luns)})`);
    await node.demand('umask 077; cat >/root/cluster.crm', { input: crmConfiguration(facts, luns) });
    const crm = ['crm', '--force', 'configure', 'load', 'update', '/root/cluster.crm'];
    const said = await node.demand(crm, { timeout: CONFIGURE });
    if (said !== '') progress(said.slice(-500));
    served = luns;
    await until(`${inWords(luns)} started`, setUp, isServed).catch((cause: unknown) => {
      const what = `starting ${inWords(luns)} alone took more than ${setUp / 60_000} minutes`;
      throw new TooSlow(what, { cause });
    });
    await current();
  };

  const standby = async (node: StorageNodeName, wish: 'on' | 'off'): Promise<void> => {
    const words = ['--node', node, '--name', 'standby', '--update', wish, '--lifetime', 'forever'];
    await lab.node(otherThan(node)).demand(['crm_attribute', ...words], { timeout: COMMAND });
  };

  /** DRBD's handler forbids promotion elsewhere until the resync has ended; it should take that back by itself. */
  const unfenced = async (): Promise<void> => {
    const node = lab.node(await primary());
    const isForbidden = async (): Promise<boolean> =>
      (
        await node.run('cibadmin --query --scope constraints | grep -q drbd-fence-by-handler', {
          timeout: COMMAND,
        })
      ).exitCode === 0;
    const end = performance.now() + UNFENCED;
    while (await isForbidden()) {
      if (performance.now() > end) {
        progress('DRBD’s handler did not take back its constraint; it is removed by hand');
        const path = "//rsc_location[starts-with(@id,'drbd-fence-by-handler')]";
        await node.demand(['cibadmin', '--delete-all', '--force', '--xpath', path], { timeout: COMMAND });
      }
      await wait(AGAIN);
    }
  };

  return {
    name: 'pacemaker',
    journal: ['controld', 'based', 'fenced', 'attrd'].map((name) => `--identifier=pacemaker-${name}`),
    async serveFirst() {
      await until('both nodes are members', FIRST_NODES, ({ ready }) => ready.length === 2);
      await load(1);
      // 3, then NAA: 6, LIO's 001405, and 25 digits of the serial.
      return `36001405${serialOf(writtenLun)}`;
    },
    async growTo(luns) {
      const missing = Array.from({ length: Math.max(0, luns - served) }, (_, index) => served + index + 1);
      if (missing.length === 0) return;
      progress(`${missing.length} volumes are made with lvcreate`);
      const node = lab.node(await primary());
      const batches = Array.from({ length: Math.ceil(missing.length / 20) }, (_, index) =>
        missing.slice(index * 20, index * 20 + 20),
      );
      for (const batch of batches)
        await node.demand(`set -eu\n${volumeScript(volumeGroup, batch)}`, { timeout: CONFIGURE });
      await load(luns);
    },
    primary,
    order: (node) => standby(node, 'on'),
    async settle(deed, node) {
      if (deed === 'planned-move') await standby(node, 'off');
      else if (!lab.node(node).isPowered()) await lab.node(node).powerOn();
      await whole();
      await unfenced();
      const failures = (await look())?.failures ?? [];
      if (failures.length === 0) return;
      progress(`failed meanwhile: ${failures.join('; ')}; crm_resource --cleanup`);
      await lab.node(await primary()).demand(['crm_resource', '--cleanup'], { timeout: COMMAND });
      await whole();
    },
    signs: pacemakerSigns,
  };
}
