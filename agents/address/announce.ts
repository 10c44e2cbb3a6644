import type { AgentContext } from '../../src/ports/index.ts';

/**
 * Tells the neighbours whose address this is now. Requests and replies: some systems heed only one of them. Three
 * times, a second apart: a neighbour that has just learnt the old owner is deaf for a second (Linux: locktime).
 * The first pair goes out at once; nothing waits for the others.
 */
export function announce(interfaceName: string, address: string, context: AgentContext): void {
  for (const form of ['-U', '-A']) {
    const args = [form, '-q', '-c', '3', '-I', interfaceName, address];
    context.run('arping', args).then(
      (ran) => {
        if (!ran.ok) context.log(`${address} was not announced: ${ran.failure.message}`);
      },
      (error: unknown) => {
        context.log(`${address} was not announced: ${String(error)}`);
      },
    );
  }
}
