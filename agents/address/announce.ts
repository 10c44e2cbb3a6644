import { networkInterfaces } from 'node:os';
import { isIpv6 } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { tellNeighbours } from './neighbours.ts';

/** A neighbour that has just learnt the old owner is deaf for a second (Linux: locktime). */
const TIMES = 3;
const APART = 1100;

/**
 * Tells the neighbours whose address this is now. By ARP requests and replies: some systems heed only one of them; of an
 * IPv6 address by unsolicited neighbour advertisements. Three times, a second apart; the first goes out at once, nothing
 * waits for the others.
 */
export async function announce(interfaceName: string, address: string, context: AgentContext): Promise<void> {
  const lost = (why: string): void => context.log(`${address} was not announced: ${why}`);
  const isHere = (): boolean =>
    Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === address));
  try {
    await tellNeighbours(interfaceName, address, { times: TIMES, apart: APART, isHere }, lost);
  } catch (error) {
    // No program of Debian's minimal system can say it; a neighbour asks anew when its connection has been silent.
    if (isIpv6(address)) {
      lost(String(error));
      return;
    }
    context.log(`${address} is announced by arping: ${String(error)}`);
    for (const form of ['-U', '-A']) {
      const args = [form, '-q', '-c', String(TIMES), '-I', interfaceName, address];
      context.run('arping', args).then(
        (ran) => {
          if (!ran.ok) lost(ran.failure.message);
        },
        (failure: unknown) => lost(String(failure)),
      );
    }
  }
}
