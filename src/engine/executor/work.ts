import type { OperationName, Primitive, ResourceId } from '../../model/index.ts';
import { change, uniqueName } from '../controller/draft.ts';
import type { OperationAction } from '../controller/messages.ts';
import { ownMap } from '../controller/own.ts';
import type { Draft, ExecutorState, Work } from '../controller/state.ts';
import { definitionOf } from './definitions.ts';

export const isBusy = (executor: ExecutorState, resource: ResourceId): boolean => executor.work.has(resource);

export const changeExecutor = (draft: Draft, to: Partial<ExecutorState>): void =>
  change(draft, { executor: { ...draft.state.executor, ...to } });

type How = Pick<OperationAction, 'agent' | 'parameters' | 'timeout'>;
type Unnamed<Kind> = Kind extends Work ? Omit<Kind, 'name'> : never;

export function begin(draft: Draft, work: Unnamed<Work>, operation: OperationName, how: How): void {
  const all = ownMap(draft, draft.state.executor.work);
  all.set(work.resource, perform(draft, work, operation, how));
  changeExecutor(draft, { work: all });
}

/** A look at one resource that is not busy; at none that this node knows nothing of any more. */
export function look(draft: Draft, resource: ResourceId): void {
  const definition = definitionOf(draft.state, resource);
  if (definition !== undefined) lookAtAll(draft, [definition]);
}

/** None of them may be busy. */
export function lookAtAll(draft: Draft, definitions: readonly Primitive[]): void {
  const all = ownMap(draft, draft.state.executor.work);
  for (const { id, agent, parameters, timeouts } of definitions) {
    const how = { agent, parameters, timeout: timeouts.monitor };
    all.set(id, perform(draft, { kind: 'monitor', resource: id }, 'monitor', how));
  }
  changeExecutor(draft, { work: all });
}

function perform(draft: Draft, work: Unnamed<Work>, operation: OperationName, how: How): Work {
  const name = `${uniqueName(draft, operation)} ${work.resource}`;
  const { agent, parameters, timeout } = how;
  draft.effects.push({ kind: 'perform', work: name, agent, operation, parameters, timeout });
  return { ...work, name };
}

/** Takes out the work of this name; undefined where it is not waited for any more. */
export function finish(draft: Draft, name: string): Work | undefined {
  const resource = name.slice(name.indexOf(' ') + 1);
  const { work } = draft.state.executor;
  const finished = work.get(resource);
  if (finished?.name !== name) return undefined;
  const others = ownMap(draft, work);
  others.delete(resource);
  changeExecutor(draft, { work: others });
  return finished;
}
