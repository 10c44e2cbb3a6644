import { existsSync } from 'node:fs';
import { demandCommand, runCommand } from './command.ts';
import type { LabSettings } from './settings.ts';
import {
  addressOn,
  boardAddress,
  labNumber,
  machineNames,
  machines,
  networkNames,
  pduNumber,
  storageNodeNames,
  tapName,
  usualMachineNames,
} from './topology.ts';
import type { MachineName, NetworkName } from './topology.ts';

/** The file that stands for the lab's network namespace. */
export function namespacePath(settings: LabSettings): string {
  return `/run/netns/${settings.name}`;
}

/** A command line that runs inside the lab's network namespace. */
export function insideNamespace(settings: LabSettings, command: readonly string[]): readonly string[] {
  return ['nsenter', `--net=${namespacePath(settings)}`, ...command];
}

async function ip(settings: LabSettings, ...parameters: string[]): Promise<string> {
  return demandCommand('ip', ['-netns', settings.name, ...parameters]);
}

/** What `ip` batch lines make of an empty namespace: a bridge for each network, a tap for each card. */
function constructionLines(names: readonly MachineName[]): readonly string[] {
  const lines = ['link set lo up'];
  for (const network of networkNames) {
    lines.push(`link add ${network} type bridge`, `link set ${network} up`);
  }
  const own = [addressOn('management', labNumber), addressOn('management', pduNumber)];
  for (const address of [...own, ...storageNodeNames.map(boardAddress)]) {
    lines.push(`address add ${address}/24 dev management`);
  }
  return [...lines, ...names.flatMap(tapLines)];
}

const tapLines = (name: MachineName): readonly string[] =>
  machines[name].networks.flatMap((network) => {
    const tap = tapName(name, network);
    return [`tuntap add ${tap} mode tap`, `link set ${tap} master ${network}`, `link set ${tap} up`];
  });

/** Makes the namespace with its bridges and these machines' taps; of one that is there, what is missing. */
export async function ensureNamespace(settings: LabSettings, names: readonly MachineName[]): Promise<void> {
  if (existsSync(namespacePath(settings))) {
    const untapped = await untappedIn(settings);
    if (!usualMachineNames.some((name) => untapped.has(name)))
      return batch(settings, names.filter((name) => untapped.has(name)).flatMap(tapLines));
    await removeNamespace(settings); // somebody was interrupted while making it
  }
  await demandCommand('ip', ['netns', 'add', settings.name]);
  try {
    // Nothing but the lab's own addresses: no router solicitations, no duplicate address detection.
    const quiet =
      'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6';
    await demandCommand('ip', ['netns', 'exec', settings.name, 'sh', '-c', quiet]);
    await batch(settings, constructionLines(names));
  } catch (error) {
    await removeNamespace(settings);
    throw error;
  }
}

async function batch(settings: LabSettings, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await demandCommand('ip', ['-netns', settings.name, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** The machines that lack a tap. */
async function untappedIn(settings: LabSettings): Promise<ReadonlySet<MachineName>> {
  const links = JSON.parse(await ip(settings, '-json', 'link', 'show')) as { ifname: string }[];
  const present = new Set(links.map((link) => link.ifname));
  return new Set(
    machineNames.filter(
      (name) => !machines[name].networks.every((network) => present.has(tapName(name, network))),
    ),
  );
}

/** Removes the namespace; bridges and taps go with it. */
export async function removeNamespace(settings: LabSettings): Promise<void> {
  if (existsSync(namespacePath(settings))) await demandCommand('ip', ['netns', 'delete', settings.name]);
}

/** Cuts or mends the cable of a machine on the switch's side. */
export async function setTap(
  settings: LabSettings,
  name: MachineName,
  network: NetworkName,
  state: 'up' | 'down',
): Promise<void> {
  await ip(settings, 'link', 'set', tapName(name, network), state);
}

/** The taps that are down. */
export async function cutTaps(settings: LabSettings): Promise<ReadonlySet<string>> {
  const links = JSON.parse(await ip(settings, '-json', 'link', 'show')) as {
    ifname: string;
    flags: string[];
  }[];
  return new Set(links.filter((link) => !link.flags.includes('UP')).map((link) => link.ifname));
}

/** Takes an address of the management network away, or brings it back: nobody answers there any more. */
export async function setManagementAddress(
  settings: LabSettings,
  address: string,
  state: 'reachable' | 'unreachable',
): Promise<void> {
  const verb = state === 'reachable' ? 'replace' : 'delete';
  const parameters = ['-netns', settings.name, 'address', verb, `${address}/24`, 'dev', 'management'];
  const outcome = await runCommand('ip', parameters);
  const isGone = outcome.stderr.includes('Cannot assign requested address');
  if (outcome.exitCode !== 0 && !(verb === 'delete' && isGone)) await demandCommand('ip', parameters);
}
