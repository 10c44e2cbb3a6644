import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import type { StorageNodeName } from '../lab/topology.ts';
import { killers } from './interrupted-create.ts';
import type { San } from './san.ts';

/** A new process and its first looks, under emulation, in milliseconds. */
const TRUE_AGAIN = 60_000;

/**
 * What a node's kernel runs for the SAN, in words that change when any of it was made anew: configfs directories by
 * inode, the mapper's devices by number and open count, DRBD's role, addresses.
 */
const FINGERPRINT = `
find /sys/kernel/config/target -type d -printf '%i %p\\n' | grep -v '/statistics' | sort
dmsetup info -c --noheadings -o name,major,minor,open | sort
drbdsetup status --verbose | grep -E 'role|disk:' | sed 's/ *$//'
ip -o -4 addr show | awk '{ print $2, $4 }' | sort`;

/** Kills the engine of a node again and again; what it says afterwards must be true, and nothing may have been touched. */
export async function killEngineOften(
  lab: Lab,
  san: San,
  node: StorageNodeName,
  times: number,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const before = await lab.node(node).demand(FINGERPRINT);
  for (let kill = 1; kill <= times; kill += 1) {
    await lab.node(node).demand(killers.engine);
    await wait(500);
    await san.waitFor(
      `${node} tells the truth again after kill ${kill}`,
      TRUE_AGAIN,
      (status) =>
        status.serving && status.survivesFailure && status.pools.every(({ primary }) => primary === node),
      node,
    );
    const now = await lab.node(node).demand(FINGERPRINT);
    if (now !== before) wrong.push(`kill ${kill} changed: ${firstDifference(before, now)}`);
  }
  return wrong;
}

function firstDifference(before: string, after: string): string {
  const old = new Set(before.split('\n'));
  const now = new Set(after.split('\n'));
  const gone = [...old].find((line) => !now.has(line));
  const made = [...now].find((line) => !old.has(line));
  return `${gone ?? 'nothing'} became ${made ?? 'nothing'}`;
}
