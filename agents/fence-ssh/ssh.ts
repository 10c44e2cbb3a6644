import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { AgentContext, RunOutput } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { TOO_LATE } from '../too-late.ts';
import type { SshParameters } from './parameters.ts';

/** ssh(1): its own failures, whatever the command would have ended with. */
const SSH_FAILED = 255;

const REFUSED = /permission denied|host key verification failed|no matching|too many authentication/i;
const UNREACHABLE =
  /connection (refused|reset|closed|timed out)|operation timed out|no route|unreachable|could not resolve|broken pipe|timeout, server/i;

/** No question is asked, nobody's configuration counts, and a node that is gone is known after seconds. */
const argumentsFor = ({ address, port, username, identityFile, knownHosts }: SshParameters): string[] => [
  ...['-F', 'none', '-p', String(port), '-l', username, '-i', identityFile],
  ...['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=3'].flatMap(
    (option) => ['-o', option],
  ),
  ...['ServerAliveInterval=1', 'ServerAliveCountMax=3'].flatMap((option) => ['-o', option]),
  ...(knownHosts === undefined ? [] : ['-o', `UserKnownHostsFile=${knownHosts}`]),
  '--',
  address,
];

/** Sorts what ssh itself has failed with. */
export function sortFailure(output: RunOutput, where: string): Failure {
  const text = `${output.stderr}\n${output.stdout}`;
  // Where a host shows another key, what matters is said last.
  const last = output.stderr.trim().split('\n').at(-1) ?? '';
  const what = `${where}: ${complaint({ ...output, stderr: last })}`;
  if (REFUSED.test(text)) return failure('fence_refused', what);
  return failure(UNREACHABLE.test(text) ? 'fence_unreachable' : 'fence_not_confirmed', what);
}

/** `command` is one of ours, for the shell there; nothing of it comes from outside. */
async function call(
  parameters: SshParameters,
  command: string,
  context: AgentContext,
): Promise<Result<RunOutput>> {
  const where = `${parameters.address}:${parameters.port}`;
  const ran = await context.run('ssh', [...argumentsFor(parameters), command]);
  if (!ran.ok) {
    if (ran.failure.code !== 'agent_timeout') return ran;
    return failed(failure('fence_unreachable', `${where} has not answered ${TOO_LATE}`));
  }
  return ran.value.exitCode === SSH_FAILED ? failed(sortFailure(ran.value, where)) : ran;
}

/** Of the node's kernel, which is another one after each boot. */
export async function readBoot(parameters: SshParameters, context: AgentContext): Promise<Result<string>> {
  const ran = await call(parameters, 'cat /proc/sys/kernel/random/boot_id', context);
  if (!ran.ok) return ran;
  const boot = ran.value.stdout.trim();
  if (ran.value.exitCode === 0 && /^[0-9a-f-]{36}$/.test(boot)) return success(boot);
  return failed(failure('fence_not_confirmed', `the node said: ${complaint(ran.value)}`));
}

/** At once: nothing is stopped in order, and nothing is written any more. */
const commands = {
  reset: 'systemctl reboot --force --force',
  off: 'systemctl poweroff --force --force',
} as const;

/** The answer may be cut off by what was asked for; a command that was refused is a failure. */
export async function endNode(parameters: SshParameters, context: AgentContext): Promise<Result<undefined>> {
  const ran = await call(parameters, commands[parameters.message], context);
  if (!ran.ok) return ran.failure.code === 'fence_unreachable' ? success(undefined) : ran;
  if (ran.value.exitCode === 0) return success(undefined);
  return failed(failure('fence_not_confirmed', `the node does not end itself: ${complaint(ran.value)}`));
}
