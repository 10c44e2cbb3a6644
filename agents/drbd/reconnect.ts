import { failed, failure, readGenerations, relationOf, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { askForGenerations } from './generations.ts';
import type { KernelStatus } from './kernel-status.ts';
import type { DrbdParameters } from './parameters.ts';

/**
 * Has the mirror look for its peer again. With `discard`, its own changes are lost when the two meet: the kernel takes
 * that word for the next meeting only, and only in a connect from StandAlone, so that a connection that waits already is
 * taken down first. Whatever is connected is left as it is: repeated, it completes what was interrupted.
 */
export async function reconnect(
  parameters: DrbdParameters,
  look: () => Promise<KernelStatus | undefined>,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { pool, reconnect: asked } = parameters;
  const status = await look();
  if (status === undefined || asked === undefined)
    return failed(failure('agent_failed', `DRBD ${pool} does not run on ${context.node}`));
  const { connection } = status;
  if (asked.discard === 'no')
    return connection === 'StandAlone' ? drbdadm(['connect', pool], context) : success(undefined);
  if (connection !== 'StandAlone' && connection !== 'WFConnection') return success(undefined);
  const refusal = await mustKeep(parameters, status, context);
  if (refusal !== undefined) return refusal;
  if (connection === 'WFConnection') {
    const ended = await drbdadm(['disconnect', pool], context);
    if (!ended.ok) return ended;
  }
  return drbdadm(['connect', '--discard-my-data', pool], context);
}

/** What is written there must not be lost, whoever says so: hosts use it, or the other copy would not be the newer one. */
async function mustKeep(
  { pool, minor, reconnect: asked }: DrbdParameters,
  { role }: KernelStatus,
  context: AgentContext,
): Promise<Result<undefined> | undefined> {
  if (role !== 'Secondary')
    return failed(failure('recovery_victim_serves', `DRBD ${pool} is ${role} on ${context.node}`));
  const own = readGenerations(await askForGenerations(minor, context));
  const relation = relationOf(own, readGenerations(asked?.peer));
  return relation === 'split'
    ? undefined
    : failed(
        failure(
          'pool_not_split',
          `by the generations of DRBD ${pool} on ${context.node} its copy is no part of a split brain (${relation})`,
        ),
      );
}

async function drbdadm(args: readonly string[], context: AgentContext): Promise<Result<undefined>> {
  const ran = await runSuccessfully(context, 'drbdadm', args);
  return ran.ok ? success(undefined) : ran;
}
