import type { ActionBuilder } from '../../actions/table.ts';
import type { Resource } from '../../unpack/resource.ts';
import { topOf } from '../../actions/place.ts';

/** What the ids in constraints stand for. */
export interface Names {
  /** By id, or by the name an instance has in the history; for an instance's history name: its clone. */
  readonly resource: (id: string) => Resource | undefined;
  /** The ids that a tag or template stands for; `undefined`: no such tag, or nothing has it. */
  readonly tagged: (id: string) => readonly string[] | undefined;
}

export function readNames(builder: ActionBuilder): Names {
  const { unpacked } = builder.assigned.scored;
  const found = new Map<string, Resource>();
  const waiting = unpacked.resources.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const id of [next.id, next.historyId]) {
      if (id !== undefined && !found.has(id)) found.set(id, id === next.id ? next : topOf(next));
    }
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const child = next.children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
  return { resource: (id) => found.get(id), tagged: (id) => unpacked.tags.get(id) };
}
