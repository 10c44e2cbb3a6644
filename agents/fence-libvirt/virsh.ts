import {
  failed,
  failure,
  success,
  type Discovered,
  type Failure,
  type Result,
} from '../../src/model/index.ts';
import type { AgentContext, Power, RunOutput } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { TOO_LATE } from '../too-late.ts';

/** A domain on one hypervisor, as virsh names both. */
export interface Domain {
  readonly uri: string;
  readonly name: string;
  readonly context: AgentContext;
}

const UNKNOWN = /failed to get domain|domain not found|no domain with matching/i;
const REFUSED =
  /authentication (failed|unavailable|required)|permission denied|access denied|login incorrect|certificate|host key/i;
const UNREACHABLE =
  /failed to connect|unable to connect|connection (refused|reset|timed out)|cannot recv|no route|not known|end of file/i;

/** Sorts a failed call by what virsh 9.0 printed. */
export function sortFailure(output: RunOutput, hypervisor: string): Failure {
  const text = `${output.stderr}\n${output.stdout}`;
  const what = `${hypervisor}: ${complaint(output)}`;
  if (UNKNOWN.test(text)) return failure('fence_outlet_unknown', what);
  if (REFUSED.test(text)) return failure('fence_refused', what);
  return failure(UNREACHABLE.test(text) ? 'fence_unreachable' : 'fence_not_confirmed', what);
}

/** Where it is, without what a URI may hold beside that. */
const hypervisorOf = (uri: string): string => uri.replace(/\?.*$/, '');

async function call({ uri, name, context }: Domain, verb: string): Promise<Result<RunOutput>> {
  const ran = await context.run('virsh', ['--quiet', '--connect', uri, verb, '--domain', name]);
  const hypervisor = hypervisorOf(uri);
  if (!ran.ok) {
    if (ran.failure.code !== 'agent_timeout') return ran;
    return failed(failure('fence_unreachable', `${hypervisor} has not answered ${TOO_LATE}`));
  }
  return ran.value.exitCode === 0 ? ran : failed(sortFailure(ran.value, hypervisor));
}

/** A machine that stands still (paused, suspended, crashed and kept) may go on: only what is shut off is off. */
export async function readPower(domain: Domain): Promise<Result<Power>> {
  const ran = await call(domain, 'domstate');
  if (!ran.ok) return ran;
  const state = ran.value.stdout.trim();
  if (state === '') return failed(failure('fence_not_confirmed', 'the hypervisor named no state'));
  return success(state === 'shut off' ? 'off' : 'on');
}

/** `off` is the plug, not a request to the guest. */
export async function switchPower(domain: Domain, power: Power): Promise<Result<undefined>> {
  const ran = await call(domain, power === 'off' ? 'destroy' : 'start');
  return ran.ok ? success(undefined) : ran;
}

/** All machines of the hypervisor, with their UUIDs. */
export async function listDomains(uri: string, context: AgentContext): Promise<Result<Discovered>> {
  const hypervisor = hypervisorOf(uri);
  const list = async (
    ...which: readonly string[]
  ): Promise<Result<readonly (readonly [string, string])[]>> => {
    const ran = await context.run('virsh', [
      '--quiet',
      '--connect',
      uri,
      'list',
      ...which,
      '--uuid',
      '--name',
    ]);
    if (!ran.ok) {
      if (ran.failure.code !== 'agent_timeout') return ran;
      return failed(failure('fence_unreachable', `${hypervisor} has not answered ${TOO_LATE}`));
    }
    if (ran.value.exitCode !== 0) return failed(sortFailure(ran.value, hypervisor));
    return success(
      ran.value.stdout.split('\n').flatMap((line): (readonly [string, string])[] => {
        const [, uuid, name] = /^([0-9a-f-]{36})\s+(.*\S)\s*$/.exec(line) ?? [];
        return uuid === undefined || name === undefined ? [] : [[uuid, name]];
      }),
    );
  };
  const all = await list('--all');
  if (!all.ok) return all;
  const off = await list('--state-shutoff');
  if (!off.ok) return off;
  const isOff = new Set(off.value.map(([uuid]) => uuid));
  return success({
    about: `hypervisor ${hypervisor}`,
    outlets: all.value.map(([id, name]) => ({ name, id, power: isOff.has(id) ? 'off' : 'on' })),
  });
}
