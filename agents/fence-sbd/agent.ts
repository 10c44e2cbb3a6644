import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, FenceAgent, FenceVerb, Power } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { parseParameters } from '../operation.ts';
import { withSystemErrors } from '../system-error.ts';
import { discoverDisks } from './discover.ts';
import { inspectDisks } from './disks.ts';
import { sbdAccess, sbdParameters, type SbdParameters } from './parameters.ts';

/** `sbd message` writes to all disks, succeeds where the majority took it, and returns when msgwait is over. */
async function write(
  message: 'reset' | 'off' | 'clear',
  { node, disks }: SbdParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const named = Object.keys(disks).flatMap((disk) => ['-d', disk]);
  const ran = await context.run('sbd', [...named, 'message', node, message]);
  if (!ran.ok) {
    if (ran.failure.code !== 'agent_timeout') return ran;
    return failed(failure('fence_not_confirmed', `the message to ${node} was not waited for to its end`));
  }
  if (ran.value.exitCode === 0) return success(undefined);
  return failed(failure('fence_not_confirmed', `the SBD disks took no message: ${complaint(ran.value)}`));
}

async function perform(
  verb: FenceVerb,
  parameters: SbdParameters,
  context: AgentContext,
): Promise<Result<Power>> {
  const inspected = await inspectDisks(parameters, context);
  if (!inspected.ok) return inspected;
  // A disk knows nothing of a node's power: nobody is off before a message was written and waited for.
  if (verb === 'status') return success('on');
  const written = await write(verb === 'off' ? parameters.message : 'clear', parameters, context);
  return written.ok ? success(verb) : written;
}

export function createSbdFenceAgent(): FenceAgent {
  return {
    name: 'fence-sbd',
    async perform(verb, raw, context) {
      const parsed = parseParameters(sbdParameters, raw);
      return parsed.ok ? withSystemErrors(() => perform(verb, parsed.value, context)) : parsed;
    },
    async discover(raw, context) {
      const parsed = parseParameters(sbdAccess, raw);
      return parsed.ok ? withSystemErrors(() => discoverDisks(parsed.value.disks, context)) : parsed;
    },
  };
}
