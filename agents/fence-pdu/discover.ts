import { failed, failure, success, type Discovered, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { families } from './families.ts';
import { textOf } from './outlets.ts';
import type { PduParameters } from './parameters.ts';
import { PduSession } from './session.ts';

/** All outlets by their names and numbers, with what each is now. Two reads; nothing is written. */
export async function discoverOutlets(
  parameters: PduParameters,
  context: AgentContext,
): Promise<Result<Discovered>> {
  const { address, port } = parameters;
  const family = families[parameters.family];
  const session = new PduSession(parameters, context.signal);
  try {
    const names = await session.column(family.names);
    if (!names.ok) return names;
    const states = await session.column(family.state);
    if (!states.ok) return states;
    if (names.value.size === 0) {
      const others = Object.keys(families).filter((name) => name !== parameters.family);
      const what = `the unit at ${address}:${port} has no outlets of the family ${parameters.family}`;
      return failed(failure('fence_outlet_unknown', `${what}; try ${others.join(', ')}`));
    }
    const isOn: readonly unknown[] = family.isOn;
    const isOff: readonly unknown[] = family.isOff;
    const outlets = [...names.value].map(([index, value]) => {
      const state = states.value.get(index);
      const power = isOn.includes(state)
        ? ('on' as const)
        : isOff.includes(state)
          ? ('off' as const)
          : undefined;
      return { name: textOf(value) || `#${index}`, id: `#${index}`, power };
    });
    return success({ about: `power distribution unit, family ${parameters.family}`, outlets });
  } finally {
    session.close();
  }
}
