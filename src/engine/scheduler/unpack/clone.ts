import { addInstance, register } from './build.ts';
import type { Draft, DraftResource } from './draft.ts';

/**
 * One more instance of a clone, with the next number, for what the history knows and no instance stands for yet. Beyond
 * the clone's maximum it is an orphan.
 */
export function createInstance(draft: Draft, clone: DraftResource): DraftResource | undefined {
  const instance = addInstance(draft, clone);
  if (instance !== undefined) register(draft, instance);
  return instance;
}
