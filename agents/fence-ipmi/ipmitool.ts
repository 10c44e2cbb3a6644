import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { AgentContext, Power, RunOutput } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { TOO_LATE } from '../too-late.ts';
import type { IpmiParameters } from './parameters.ts';

/**
 * Cipher suites in the order they are tried: 3 (HMAC-SHA1, AES), which every IPMI 2.0 board must know, then 17
 * (HMAC-SHA256, AES) for boards that have 3 switched off. They are named, because to ask the board for them costs 10 s.
 */
const cipherSuites = ['3', '17'] as const;

/** What ipmitool 1.8.19 says where the board wants another suite; the answer comes at once. */
const suiteRefused =
  /no matching (cipher suite|authentication algorithm|integrity payload)|invalid (authentication|integrity|confidentiality) algorithm/i;

/** One session each. */
function argumentsFor({ address, port, username }: IpmiParameters, suite: string, verb: readonly string[]) {
  return [
    ...['-I', 'lanplus', '-C', suite, '-H', address, '-p', String(port), '-U', username, '-E'],
    // Seconds for an answer (it grows) and how often to ask: a board that is gone is known after 6 seconds. Without
    // `-v` a refusal and silence read the same.
    ...['-N', '1', '-R', '2', '-v'],
    ...verb,
  ];
}

/** What ipmitool 1.8.19 says where the board is there and does not let us in. */
const refusals = [
  /unauthorized name/i,
  /HMAC is invalid/i,
  /insufficient privilege/i,
  /privilege level/i,
  /password (invalid|incorrect)/i,
  /unauthorized role/i,
  suiteRefused,
  /invalid (user|role)/i,
];

/** What `-v` says before it comes to the point. */
const withoutChatter = (output: RunOutput): RunOutput => ({
  ...output,
  stderr: output.stderr.replaceAll(/^(Loading IANA PEN Registry|Running Get .*)\.*\s*$/gim, ''),
});

/** Sorts a failed call of ipmitool by what it printed. */
export function sortFailure(output: RunOutput, board: string): Failure {
  const text = `${output.stderr}\n${output.stdout}`;
  const what = `board ${board}: ${complaint(withoutChatter(output))}`;
  if (refusals.some((refusal) => refusal.test(text))) return failure('fence_refused', what);
  const isUnreachable =
    /unable to establish|no response|timeout|address lookup|unreachable|get .*auth.* failed/i.test(text);
  return failure(isUnreachable ? 'fence_unreachable' : 'fence_not_confirmed', what);
}

/** The state that `chassis power status` prints. */
export function parsePower(stdout: string): Power | undefined {
  const state = /^Chassis Power is (on|off)\s*$/im.exec(stdout)?.[1];
  return state === 'on' || state === 'off' ? state : undefined;
}

/** Calls the board; the password goes through the environment, where only root can read it. */
async function call(
  parameters: IpmiParameters,
  verb: readonly string[],
  context: AgentContext,
): Promise<Result<RunOutput>> {
  const board = `${parameters.address}:${parameters.port}`;
  const options = { environment: { IPMI_PASSWORD: parameters.password } };
  const [first, second] = cipherSuites;
  let ran = await context.run('ipmitool', argumentsFor(parameters, first, verb), options);
  if (ran.ok && ran.value.exitCode !== 0 && suiteRefused.test(`${ran.value.stderr}\n${ran.value.stdout}`))
    ran = await context.run('ipmitool', argumentsFor(parameters, second, verb), options);
  if (!ran.ok) {
    if (ran.failure.code !== 'agent_timeout') return ran;
    return failed(failure('fence_unreachable', `board ${board} has not answered ${TOO_LATE}`));
  }
  return ran.value.exitCode === 0 ? ran : failed(sortFailure(ran.value, board));
}

export async function readPower(parameters: IpmiParameters, context: AgentContext): Promise<Result<Power>> {
  const ran = await call(parameters, ['chassis', 'power', 'status'], context);
  if (!ran.ok) return ran;
  const power = parsePower(ran.value.stdout);
  if (power !== undefined) return success(power);
  return failed(failure('fence_not_confirmed', `the board said: ${complaint(ran.value)}`));
}

export async function switchPower(
  parameters: IpmiParameters,
  power: Power,
  context: AgentContext,
): Promise<Result<undefined>> {
  const ran = await call(parameters, ['chassis', 'power', power], context);
  return ran.ok ? success(undefined) : ran;
}

/** What it is, as far as it says; changes nothing. */
export async function readIdentity(
  parameters: IpmiParameters,
  context: AgentContext,
): Promise<Result<{ readonly about: string; readonly guid: string | undefined }>> {
  const info = await call(parameters, ['mc', 'info'], context);
  if (!info.ok) return info;
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*: (.*\\S)\\s*$`, 'm').exec(info.value.stdout)?.[1];
  const words = [field('Manufacturer Name'), field('Product Name')].filter((word) => word !== undefined);
  const version = field('IPMI Version');
  const about = `management board${words.length === 0 ? '' : ` of ${words.join(', ')}`}, IPMI ${version ?? 'of an unknown version'}`;
  const asked = await call(parameters, ['mc', 'guid'], context);
  const guid = asked.ok ? /^System GUID\s*: (\S+)/m.exec(asked.value.stdout)?.[1] : undefined;
  return success({ about, guid });
}
