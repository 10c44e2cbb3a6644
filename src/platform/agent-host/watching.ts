import { setTimeout } from 'node:timers/promises';
import type { Parameters } from '../../model/index.ts';
import type { Agent, AgentContext } from '../../ports/index.ts';

/** Milliseconds. The first change is told at once; those that follow within this time are told together. */
const GATHER = 50;
/** Milliseconds until a watch that ended by itself is taken up again. */
const AGAIN = 1000;

/** Tells bursts as one change at their beginning and one at their end. */
function inBursts(changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let more = false;
  return () => {
    if (timer !== undefined) {
      more = true;
      return;
    }
    changed();
    timer = globalThis.setTimeout(() => {
      timer = undefined;
      if (more) changed();
      more = false;
    }, GATHER);
  };
}

/** Keeps an agent's watch up until the context's signal aborts: one that ends or throws is begun again, and counts as a change. */
export async function keepWatching(
  agent: Agent,
  parameters: Parameters,
  context: AgentContext,
  changed: () => void,
): Promise<void> {
  if (agent.watch === undefined) return;
  const tell = inBursts(changed);
  const isOver = (): boolean => context.signal.aborted;
  while (!isOver()) {
    try {
      await agent.watch(parameters, context, tell);
    } catch (error) {
      if (!isOver()) context.log(`the watch failed: ${String(error)}`);
    }
    await setTimeout(AGAIN, undefined, { signal: context.signal }).catch(() => undefined);
    if (!isOver()) tell();
  }
}
