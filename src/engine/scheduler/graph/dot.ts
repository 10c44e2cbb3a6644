import { LINK, type Action } from '../actions/action.ts';
import { actionName } from './name.ts';
import type { Transition } from './transition.ts';

/** An action in a picture of the graph. */
export interface DrawnAction {
  readonly action: Action;
  readonly name: string;
  /** bold: will be carried out; dashed: would be, but cannot. */
  readonly style: 'bold' | 'dashed';
  readonly color: 'green' | 'red';
  /** orange: pseudo actions */
  readonly fontColor: 'black' | 'orange';
}

export interface DrawnEdge {
  readonly first: Action;
  readonly then: Action;
  readonly style: 'bold' | 'dashed';
}

export interface Drawing {
  readonly actions: readonly DrawnAction[];
  readonly edges: readonly DrawnEdge[];
}

/**
 * The picture `crm_simulate -D` draws: what will be done, what is required but cannot be done (dashed), and the links
 * between them (dashed where nobody has to wait). What need not happen, and what nobody manages, is left out.
 */
export function drawing(transition: Transition): Drawing {
  const { builder } = transition.ordered;
  const all = builder.all.toReversed();
  const shown = new Set<Action>();
  const actions: DrawnAction[] = [];
  for (const action of all) {
    const isUnmanaged = action.resource !== undefined && !builder.isManaged(action.resource);
    if (!action.isDrawn && (isUnmanaged || action.isOptional)) continue;
    shown.add(action);
    actions.push({
      action,
      name: actionName(action),
      style: action.isDrawn ? 'bold' : 'dashed',
      color: action.isDrawn ? 'green' : 'red',
      fontColor: action.isPseudo ? 'orange' : 'black',
    });
  }
  const edges: DrawnEdge[] = [];
  for (const then of all) {
    for (const link of then.before) {
      if (link.isDrawn) {
        edges.push({ first: link.action, then, style: 'bold' });
      } else if (link.flags !== 0 && link.flags !== LINK.load) {
        if (shown.has(link.action) && shown.has(then)) {
          edges.push({ first: link.action, then, style: 'dashed' });
        }
      }
    }
  }
  return { actions, edges };
}

/** As text for `dot`, in crm_simulate's form. */
export function dotText(drawn: Drawing): string {
  const lines = [' digraph "g" {'];
  for (const { name, style, color, fontColor } of drawn.actions) {
    lines.push(`"${name}" [ style=${style} color="${color}" fontcolor="${fontColor}"]`);
  }
  for (const { first, then, style } of drawn.edges) {
    lines.push(`"${actionName(first)}" -> "${actionName(then)}" [ style = ${style}]`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}
