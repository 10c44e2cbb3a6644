import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, FenceAgent, Power } from '../../src/ports/index.ts';
import { parseParameters } from '../operation.ts';
import { pause } from '../pause.ts';
import { withSystemErrors } from '../system-error.ts';
import { TOO_LATE } from '../too-late.ts';
import { readIdentity, readPower, switchPower } from './ipmitool.ts';
import { ipmiParameters, type IpmiParameters } from './parameters.ts';

/** Milliseconds between looks: boards take from a tenth of a second to some seconds to switch. */
const firstPause = 100;
const longestPause = 1000;

/** Looks until the board itself says that it has switched, or the deadline passes. */
async function confirm(
  parameters: IpmiParameters,
  wanted: Power,
  context: AgentContext,
): Promise<Result<Power>> {
  let last: Result<Power> = await readPower(parameters, context);
  let seen: Power | undefined;
  for (let wait = firstPause; !last.ok || last.value !== wanted; wait = Math.min(wait * 2, longestPause)) {
    if (!last.ok && last.failure.code === 'fence_refused') return last;
    if (last.ok) seen = last.value;
    if (!(await pause(wait, context.signal))) {
      // The look that the deadline cut off is no word about the board: it answered before.
      if (!last.ok && seen === undefined) return last;
      const board = `${parameters.address}:${parameters.port}`;
      return failed(failure('fence_not_confirmed', `board ${board} still says ${String(seen)} ${TOO_LATE}`));
    }
    last = await readPower(parameters, context);
  }
  return last;
}

async function switchTo(
  parameters: IpmiParameters,
  wanted: Power,
  context: AgentContext,
): Promise<Result<Power>> {
  const before = await readPower(parameters, context);
  if (!before.ok || before.value === wanted) return before;
  const switched = await switchPower(parameters, wanted, context);
  if (!switched.ok) {
    // The answer may have been lost on its way, not the order: the board's own state is what counts.
    context.log(switched.failure.message);
    if (switched.failure.code !== 'fence_unreachable') return switched;
  }
  return confirm(parameters, wanted, context);
}

export function createIpmiFenceAgent(): FenceAgent {
  return {
    name: 'fence-ipmi',
    async perform(verb, raw, context) {
      const parsed = parseParameters(ipmiParameters, raw);
      if (!parsed.ok) return parsed;
      const parameters = parsed.value;
      return withSystemErrors(async () => {
        switch (verb) {
          case 'status':
            return readPower(parameters, context);
          case 'on':
          case 'off':
            return switchTo(parameters, verb, context);
        }
      });
    },
    async discover(raw, context) {
      const parsed = parseParameters(ipmiParameters, raw);
      if (!parsed.ok) return parsed;
      return withSystemErrors(async () => {
        const power = await readPower(parsed.value, context);
        if (!power.ok) return power;
        const identity = await readIdentity(parsed.value, context);
        if (!identity.ok) return identity;
        const { about, guid: id } = identity.value;
        return success({ about, outlets: [{ name: parsed.value.address, id, power: power.value }] });
      });
    },
  };
}
