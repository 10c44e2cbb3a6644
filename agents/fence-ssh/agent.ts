import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, FenceAgent, Power } from '../../src/ports/index.ts';
import { parseParameters } from '../operation.ts';
import { pause } from '../pause.ts';
import { withSystemErrors } from '../system-error.ts';
import { TOO_LATE } from '../too-late.ts';
import { sshParameters, type SshParameters } from './parameters.ts';
import { endNode, readBoot } from './ssh.ts';

/** Milliseconds between looks. */
const BETWEEN = 500;

/**
 * A node that answered, was told to end itself and then answers no more, or answers from another boot, is taken for off.
 * One that did not answer to begin with is not.
 */
async function putOut(parameters: SshParameters, context: AgentContext): Promise<Result<Power>> {
  const before = await readBoot(parameters, context);
  if (!before.ok) return before;
  const ended = await endNode(parameters, context);
  if (!ended.ok) return ended;
  for (;;) {
    const now = await readBoot(parameters, context);
    if (now.ok && now.value !== before.value) return success('off');
    if (!now.ok && now.failure.code === 'fence_unreachable' && !context.signal.aborted) return success('off');
    if (!(await pause(BETWEEN, context.signal)))
      return failed(failure('fence_not_confirmed', `the node is still there ${TOO_LATE}`));
  }
}

export function createSshFenceAgent(): FenceAgent {
  return {
    name: 'fence-ssh',
    async perform(verb, raw, context) {
      const parsed = parseParameters(sshParameters, raw);
      if (!parsed.ok) return parsed;
      return withSystemErrors(async (): Promise<Result<Power>> => {
        switch (verb) {
          case 'status': {
            const boot = await readBoot(parsed.value, context);
            return boot.ok ? success('on') : boot;
          }
          case 'off':
            return putOut(parsed.value, context);
          case 'on':
            // Nobody is woken by SSH: after `reset` it comes back by itself.
            return success('on');
        }
      });
    },
  };
}
