import { setTimeout as wait } from 'node:timers/promises';
import type { OperationView, StatusView } from '../../../src/model/index.ts';
import { LabError } from '../../lab/error.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { cutPrimary, bothCurrent, otherThan, primaryOf, servedBy } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import { NOTHING_HAPPENS, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** A first sync copies everything, and a machine boots under emulation, in milliseconds. */
const FILLED = 1_800_000;
const SETUP = 300_000;

/** All that makes a machine a member, and all that was on its disk: it is as one that was just installed. */
const BLANK = [
  'systemctl stop keelson-api keelsond corosync || true',
  'drbdsetup down all || true',
  'rm -rf /var/lib/keelson/* /etc/keelson/token /etc/keelson/token.sha256 /etc/keelson/api.*',
  'rm -f /etc/corosync/authkey /etc/corosync/corosync.conf /etc/drbd.d/keelson-*.res',
  'wipefs --all --force "$0"',
  'systemctl start keelsond keelson-api',
].join('; ');

const isOff = (node: StorageNodeName) => (status: StatusView) =>
  status.nodes.some(({ name, state }) => name === node && state === 'offline');

async function diskOf(san: San, node: StorageNodeName): Promise<string> {
  const view = (await san.call(node, 'GET', '/config')).body as {
    readonly config: { readonly pools: Record<string, { readonly disks: Record<string, string> }> };
  };
  return Object.values(view.config.pools)[0]?.disks[otherThan(node)] ?? '';
}

export const machineReplaced: Scenario = {
  name: 'machine-replaced',
  what: 'the machine that serves is lost for good and replaced; the old one comes back in the middle and is not let in; the new one is filled, its fencing is tested, and then the other one loses its power',
  run: async (lab: Lab, san: San) => {
    const wrong: string[] = [];
    const node = await primaryOf(san);
    const survivor = otherThan(node);
    const ask = (argv: readonly string[], timeout = SETUP): Promise<string> =>
      lab.node(survivor).demand(['keelson', ...argv], { timeout });
    const disk = await diskOf(san, survivor);
    const oldToken = await san.token(survivor);

    await ask(['fence', 'action', 'off', '--node', node]);
    await lab.node(node).powerCut();
    await servedBy(san, survivor);
    await san.waitFor(`${node} is off`, SERVED_AGAIN, isOff(node), survivor);

    const begun = JSON.parse(await ask(['node', 'replace', node, '--no-wait', '--json'])) as {
      readonly operation: OperationView;
    };
    san.forget();
    await san.waitFor(
      'it waits for the new machine',
      SERVED_AGAIN,
      ({ problems }) =>
        problems.some(({ code, next }) => code === 'node_replacing' && next.includes('cluster join')),
      survivor,
    );
    const withOld = await san.call(survivor, 'GET', '/status', undefined, { token: oldToken });
    if (withOld.status !== 401) wrong.push(`the old token is answered with ${withOld.status}`);

    // The old machine, with all that it knew.
    await lab.node(node).powerOn();
    await lab.node(node).waitForSsh(SETUP);
    await wait(NOTHING_HAPPENS);
    const meanwhile = await san.status(survivor);
    if (!isOff(node)(meanwhile)) wrong.push(`${survivor} let the old machine in`);
    if (!meanwhile.serving) wrong.push('the old machine has ended the service');
    const role = await lab.node(node).demand(['sh', '-c', 'cat /proc/drbd 2>/dev/null || true']);
    if (/ro:Primary/.test(role)) wrong.push(`the old machine serves: ${role}`);

    await lab.node(node).demand(['sh', '-c', BLANK, disk], { timeout: SETUP });
    const secret = await ask(['cluster', 'join-secret']);
    const address = lab.node(survivor).address('management');
    const join = ['keelson', 'cluster', 'join', '--address', address, '--secret-file', '-'];
    await lab.node(node).demand(join, { timeout: SETUP, input: secret });
    const joined = Date.now();
    const end = performance.now() + FILLED;
    for (;;) {
      const { body } = await san.call(survivor, 'GET', `/operations/${begun.operation.id}`);
      const seen = body as OperationView;
      if (seen.state === 'succeeded') break;
      if (seen.state === 'failed' || performance.now() > end)
        throw new LabError('command-failed', `the replacement: ${JSON.stringify(seen)}`, 'See it.');
      await wait(2000);
    }
    const told = `filled ${((Date.now() - joined) / 1000).toFixed(0)} s after it joined`;
    const untested = await san.status(survivor);
    if (!untested.problems.some(({ code }) => code === 'fencing_untested'))
      wrong.push('the fencing of the old machine is taken for that of the new one');

    await ask(['fence', 'action', 'reboot', '--node', node]);
    await ask(['fence', 'test', node], FILLED);
    san.forget();
    await bothCurrent(lab, san);
    const phases = await cutPrimary(lab, san, survivor);
    await bothCurrent(lab, san);
    return { wrong, told, phases };
  },
};
