import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, FenceAgent, FenceVerb, Power } from '../../src/ports/index.ts';
import { parseParameters } from '../operation.ts';
import { pause } from '../pause.ts';
import { withSystemErrors } from '../system-error.ts';
import { TOO_LATE } from '../too-late.ts';
import { discoverOutlets } from './discover.ts';
import { families, type Family } from './families.ts';
import { findOutlets, readOutlets, type Outlet } from './outlets.ts';
import { pduAccess, pduParameters, type PduParameters } from './parameters.ts';
import { PduSession } from './session.ts';

/** Milliseconds between looks: units switch outlets one after the other, a second or so apart. */
const BETWEEN = 250;

class Cords {
  private readonly session: PduSession;
  private readonly family: Family;
  private readonly outlets: readonly Outlet[];
  private readonly context: AgentContext;

  constructor(session: PduSession, family: Family, outlets: readonly Outlet[], context: AgentContext) {
    this.session = session;
    this.family = family;
    this.outlets = outlets;
    this.context = context;
  }

  /** Off is off at every outlet; one that is neither is not off. */
  async power(): Promise<Result<Power>> {
    const read = await this.look();
    return read.ok ? success(read.value.every((power) => power === 'off') ? 'off' : 'on') : read;
  }

  async switchTo(wanted: Power): Promise<Result<Power>> {
    const before = await this.look();
    if (!before.ok) return before;
    for (const [index, outlet] of this.outlets.entries()) {
      if (before.value[index] === wanted) continue;
      const [column, value] = this.family[wanted];
      const written = await this.session.write(`${column}.${outlet.index}`, value);
      if (written.ok) continue;
      // The answer may have been lost on its way, not the order: what the unit says afterwards is what counts.
      this.context.log(written.failure.message);
      if (written.failure.code !== 'fence_unreachable') return written;
    }
    return this.confirm(wanted);
  }

  private look(): Promise<Result<readonly (Power | undefined)[]>> {
    return readOutlets(this.session, this.family, this.outlets);
  }

  /** Looks until every outlet has switched, or the deadline passes. */
  private async confirm(wanted: Power): Promise<Result<Power>> {
    let seen: readonly (Power | undefined)[] | undefined;
    for (;;) {
      const read = await this.look();
      if (read.ok) {
        if (read.value.every((power) => power === wanted)) return success(wanted);
        seen = read.value;
      } else if (read.failure.code !== 'fence_unreachable') return read;
      if (await pause(BETWEEN, this.context.signal)) continue;
      if (seen === undefined && !read.ok) return read;
      const late = this.outlets.filter((_, index) => seen?.[index] !== wanted).map(({ name }) => name);
      return failed(
        failure(
          'fence_not_confirmed',
          `the PDU does not say that ${late.join(', ')} is ${wanted} ${TOO_LATE}`,
        ),
      );
    }
  }
}

async function perform(
  verb: FenceVerb,
  parameters: PduParameters,
  context: AgentContext,
): Promise<Result<Power>> {
  const session = new PduSession(parameters, context.signal);
  try {
    const family = families[parameters.family];
    const outlets = await findOutlets(session, family, parameters.outlets);
    if (!outlets.ok) return outlets;
    const cords = new Cords(session, family, outlets.value, context);
    return await (verb === 'status' ? cords.power() : cords.switchTo(verb));
  } finally {
    session.close();
  }
}

export function createPduFenceAgent(): FenceAgent {
  return {
    name: 'fence-pdu',
    async perform(verb, raw, context) {
      const parsed = parseParameters(pduParameters, raw);
      return parsed.ok ? withSystemErrors(() => perform(verb, parsed.value, context)) : parsed;
    },
    async discover(raw, context) {
      const parsed = parseParameters(pduAccess, raw);
      return parsed.ok ? withSystemErrors(() => discoverOutlets(parsed.value, context)) : parsed;
    },
  };
}
