import { failed, failure, success, type FailureCode, type Result } from '../../src/model/index.ts';
import type { AgentContext, FenceAgent, FenceVerb, Power, RunOutput } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { parseParameters } from '../operation.ts';
import { withSystemErrors } from '../system-error.ts';
import { TOO_LATE } from '../too-late.ts';
import { readMetadata, type Metadata } from './metadata.ts';
import { parseOutlets, plugOf } from './outlets.ts';
import { fenceAgentsParameters, type FenceAgentsParameters } from './parameters.ts';

/** Exit codes of the library that most of them share; whatever else there is confirms nothing. */
const MEANING: Readonly<Record<number, FailureCode>> = {
  2: 'agent_parameters_invalid',
  3: 'fence_refused',
  4: 'fence_unreachable',
  5: 'fence_unreachable',
  10: 'fence_refused',
  11: 'fence_refused',
};

/** The exit code alone is no proof: 2 is the answer `off`, and that an option is wrong. */
const SAYS_OFF = /^Status: OFF\s*$/im;
const SAYS_ON = /^Status: ON\s*$/im;

/** The options go through standard input: neither they nor the secrets among them are arguments of a program. */
async function call(
  action: FenceVerb | 'list',
  { program, options, secrets }: FenceAgentsParameters,
  context: AgentContext,
): Promise<Result<RunOutput>> {
  const lines = Object.entries({ ...options, ...secrets, action }).map(
    ([name, value]) => `${name}=${value}\n`,
  );
  const ran = await context.run(program, [], { input: lines.join('') });
  if (ran.ok || ran.failure.code !== 'agent_timeout') return ran;
  return failed(failure('fence_unreachable', `${program} has not ended ${TOO_LATE}`));
}

function sort(program: string, output: RunOutput): Result<never> {
  const code = MEANING[output.exitCode] ?? 'fence_not_confirmed';
  return failed(failure(code, `${program}: exit ${output.exitCode}: ${complaint(output)}`));
}

/** What cannot work is said before the night it is needed, with the agent's own words for its options. */
function check({ program, options, secrets }: FenceAgentsParameters, metadata: Metadata): Result<undefined> {
  const given = [...Object.keys(options), ...Object.keys(secrets)];
  const unable = ['off', 'on', 'status'].filter((action) => !metadata.actions.has(action));
  const unknown = given.filter((name) => !metadata.parameters.has(name));
  const missing = [...metadata.required].flatMap(([name, older]) =>
    name === 'action' || given.includes(name) || (older !== undefined && given.includes(older)) ? [] : [name],
  );
  const wrong = [
    ...unable.map((action) => `it has no action '${action}'`),
    ...unknown.map((name) => `it has no option '${name}'`),
    ...missing.map((name) => `it needs the option '${name}'`),
  ];
  if (wrong.length === 0) return success(undefined);
  return failed(failure('agent_parameters_invalid', `${program}: ${wrong.join('; ')}`));
}

/**
 * Some programs read every answer but 'on' as off, that there is no such outlet too. So 'off' is believed of an outlet
 * that was seen on before, or that the program lists; where it cannot list, its word is all there is.
 */
async function demandOutlet(
  parameters: FenceAgentsParameters,
  metadata: Metadata | undefined,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { program, options } = parameters;
  const plug = plugOf(options);
  if (plug === undefined || metadata?.actions.has('list') !== true) return success(undefined);
  const ran = await call('list', parameters, context);
  if (!ran.ok) return ran;
  if (ran.value.exitCode !== 0) return sort(program, ran.value);
  const outlets = parseOutlets(ran.value.stdout, options['separator']);
  if (outlets === undefined || outlets.includes(plug)) return success(undefined);
  const known = outlets.join(', ').slice(0, 300);
  return failed(failure('fence_outlet_unknown', `${program} lists no '${plug}'; there are: ${known}`));
}

/** Of everything but the secrets: the same outlet of the same device. */
const outletOf = ({ program, options }: FenceAgentsParameters): string => JSON.stringify([program, options]);

export function createFenceAgentsAgent(): FenceAgent {
  const known = new Map<string, Metadata>();
  const seenOn = new Set<string>();

  async function metadataOf(program: string, context: AgentContext): Promise<Result<Metadata | undefined>> {
    if (!known.has(program)) {
      const read = await readMetadata(program, context);
      if (!read.ok) return read;
      known.set(program, read.value);
    }
    return success(known.get(program));
  }

  async function look(parameters: FenceAgentsParameters, context: AgentContext): Promise<Result<Power>> {
    const ran = await call('status', parameters, context);
    if (!ran.ok) return ran;
    const { exitCode, stdout } = ran.value;
    const outlet = outletOf(parameters);
    if (exitCode === 0 && SAYS_ON.test(stdout)) {
      seenOn.add(outlet);
      return success('on');
    }
    if (exitCode !== 2 || !SAYS_OFF.test(stdout)) return sort(parameters.program, ran.value);
    if (seenOn.has(outlet)) return success('off');
    const metadata = await metadataOf(parameters.program, context);
    if (!metadata.ok) return metadata;
    const demanded = await demandOutlet(parameters, metadata.value, context);
    return demanded.ok ? success('off') : demanded;
  }

  async function switchTo(
    wanted: 'on' | 'off',
    parameters: FenceAgentsParameters,
    context: AgentContext,
  ): Promise<Result<Power>> {
    const ran = await call(wanted, parameters, context);
    if (!ran.ok && ran.failure.code !== 'fence_unreachable') return ran;
    const complained = ran.ok && ran.value.exitCode !== 0 ? sort(parameters.program, ran.value) : undefined;
    // The answer may have been lost on its way, not the order: what the device says afterwards is what counts.
    const after = await look(parameters, context);
    if (!after.ok) return after.failure.code === 'fence_outlet_unknown' ? after : (complained ?? after);
    if (after.value === wanted) return after;
    return (
      complained ?? failed(failure('fence_not_confirmed', `${parameters.program} still says ${after.value}`))
    );
  }

  async function status(parameters: FenceAgentsParameters, context: AgentContext): Promise<Result<Power>> {
    const metadata = await metadataOf(parameters.program, context);
    if (!metadata.ok) return metadata;
    const checked = metadata.value === undefined ? success(undefined) : check(parameters, metadata.value);
    return checked.ok ? look(parameters, context) : checked;
  }

  return {
    name: 'fence-agents',
    async perform(verb, raw, context) {
      const parsed = parseParameters(fenceAgentsParameters, raw);
      if (!parsed.ok) return parsed;
      return withSystemErrors(() =>
        verb === 'status' ? status(parsed.value, context) : switchTo(verb, parsed.value, context),
      );
    },
  };
}
