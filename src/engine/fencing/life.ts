import type { NodeName } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

/**
 * What a fencing is to end: a node that has booted anew since, or whose engine has come into the group again, may have
 * been off and on by somebody else's hand, and a device may be late to tell of before. What was found of one life proves
 * nothing of the next (S2).
 */
export const lifeOf = ({ boots, comings }: Pick<EngineState, 'boots' | 'comings'>, node: NodeName): string =>
  `${boots[node] ?? '-'} ${comings[node] ?? 0}`;
