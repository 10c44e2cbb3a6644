import { readGenerations, type Observation } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';

/** The kernel's own words for a mirror that has no peer, and waits or was told not to. */
const apart = new Set(['StandAlone', 'WFConnection']);

/**
 * `CURRENT:BITMAP:HISTORY:HISTORY` in hex, without the flags that follow; asked of the kernel only where the mirror has
 * no peer, since it takes a fork. undefined: there is a peer, or nobody can tell; that is no reason for a look to fail.
 */
export async function generationsOf(
  minor: number,
  { facts }: Pick<Observation, 'facts'>,
  context: AgentContext,
): Promise<string | undefined> {
  if (facts === undefined || !apart.has(String(facts['connection']))) return undefined;
  if (facts['disk'] === 'Diskless' || facts['disk'] === 'Failed') return undefined;
  return askForGenerations(minor, context);
}

/** From the kernel, which has newer ones than the disk. */
export async function askForGenerations(minor: number, context: AgentContext): Promise<string | undefined> {
  const asked = await context.run('drbdsetup', ['get-gi', String(minor)]);
  const text = asked.ok && asked.value.exitCode === 0 ? asked.value.stdout.trim() : '';
  if (readGenerations(text) !== undefined) return text.split(':').slice(0, 4).join(':').toUpperCase();
  const why = asked.ok
    ? `${asked.value.exitCode} ${asked.value.stdout}${asked.value.stderr}`
    : asked.failure.message;
  context.log(`drbdsetup get-gi ${minor} told nothing: ${why.trim()}`);
  return undefined;
}
