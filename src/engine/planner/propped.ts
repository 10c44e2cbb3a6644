import type { NodeName, ResourceId } from '../../model/index.ts';
import { isLeftAsItIs } from './document-failure.ts';
import type { Definition, Facts } from './facts.ts';
import type { Places } from './left-alone.ts';
import type { Stacking } from './stacking.ts';
import { place } from './step.ts';

/**
 * What something stands on that nobody may take down: not managed, in maintenance, or left as it is after a failure.
 * To take it down from under that would fail, and that failure would have the node fenced.
 */
export function propped(facts: Facts, { foundations }: Stacking): Places {
  return reached(facts, isHeld(facts, ['running', 'promoted', 'failed']), foundations);
}

/** What stands on something that nobody may touch, in whatever state that is. */
export function onWhatIsLeft(facts: Facts, { followers }: Stacking): Places {
  return reached(facts, isHeld(facts), followers);
}

const isHeld =
  (facts: Facts, states?: readonly string[]) =>
  (definition: Definition, node: NodeName): boolean =>
    states?.includes(facts.seen(definition.id, node).state) !== false &&
    (facts.isUnmanaged(definition.id, node) || isLeftAsItIs(facts, definition, node));

function reached(
  { definitions, usable }: Facts,
  isFirst: (definition: Definition, node: NodeName) => boolean,
  next: (resource: ResourceId) => readonly ResourceId[],
): Places {
  const places = new Set<string>();
  for (const node of usable) {
    const open = definitions.filter((definition) => isFirst(definition, node)).map(({ id }) => id);
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const other of next(id)) {
        if (places.has(place(other, node))) continue;
        places.add(place(other, node));
        open.push(other);
      }
  }
  return places;
}
