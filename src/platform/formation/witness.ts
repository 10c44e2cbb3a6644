import { access, constants } from 'node:fs/promises';
import {
  failed,
  failure,
  milliseconds,
  success,
  type Result,
  type WitnessHeuristics,
  type WitnessIntent,
} from '../../model/index.ts';

/** Programs for heuristics lie here, written by root; the cluster file names them, and nothing else can be run. */
const PROGRAMS = '/etc/keelson/heuristics';
/** corosync-qdevice(8): with less than a second, a program that only starts late has failed already. */
const SHORTEST_TIMEOUT = milliseconds(1000);

/** Three, a fifth of a second apart, each waited for up to a second: the loss of one or two says nothing. */
const ping = (address: string): string => `/usr/bin/ping -n -q -c 3 -i 0.2 -W 1 ${address}`;

function heuristics({ mode, timeout, ping: addresses, programs }: WitnessHeuristics): string {
  const limit = Math.max(timeout, SHORTEST_TIMEOUT);
  const commands = [
    ...addresses.map((address, index) => `exec_ping${index + 1}: ${ping(address)}`),
    // A cmap key has no hyphen.
    ...programs.map((name) => `exec_${name.replaceAll('-', '_')}: ${PROGRAMS}/${name}`),
  ];
  // The same time when membership changes: every node of the half waits for it before it knows of its quorum.
  return `    heuristics {
      mode: ${mode}
      timeout: ${limit}
      sync_timeout: ${limit}
${commands.map((command) => `      ${command}\n`).join('')}    }
`;
}

/**
 * The device of corosync.conf's section quorum. `ffsplit` gives the one vote to one half of an even split, with equal
 * heuristics to the half that had quorum before.
 */
export const witnessDevice = (witness: WitnessIntent): string => `  device {
    model: net
    votes: 1
    net {
      host: ${witness.address}
      algorithm: ffsplit
      tls: ${witness.tls}
    }
${witness.heuristics === undefined ? '' : heuristics(witness.heuristics)}  }
`;

const DEVICE = '/usr/sbin/corosync-qdevice';
const PING = '/usr/bin/ping';

/** Whether this node has what asking the witness needs: `command_missing` names what is not there. Changes nothing. */
export async function checkWitness(
  witness: WitnessIntent | undefined,
  { device = DEVICE, programs = PROGRAMS }: { readonly device?: string; readonly programs?: string } = {},
): Promise<Result<void>> {
  if (witness === undefined) return success(undefined);
  const needed = [
    { path: device, what: 'Debian’s package corosync-qdevice' },
    ...((witness.heuristics?.ping.length ?? 0) > 0
      ? [{ path: PING, what: 'Debian’s package iputils-ping' }]
      : []),
    ...(witness.heuristics?.programs ?? []).map((name) => ({
      path: `${programs}/${name}`,
      what: 'an executable file that only root may write',
    })),
  ];
  for (const { path, what } of needed) {
    try {
      await access(path, constants.X_OK);
    } catch {
      return failed(failure('command_missing', `the witness needs ${path} on every node: ${what}`));
    }
  }
  return success(undefined);
}
