import { INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { affects } from './affects.ts';
import { consume, release } from './capacity.ts';
import { draftOf, type AssignDraft, type ResourceDraft } from './draft.ts';

/** What a resource and all that must be on the same node need, as far as they are not assigned yet. */
export function colocatedDemand(draft: AssignDraft, resource: Resource): ReadonlyMap<string, number> {
  const known = draftOf(draft, resource).together;
  if (known?.isStale === false) return known.demand;

  const { all, isLasting } = colocatedResources(draft, resource);
  const demand = new Map<string, number>();
  for (const one of all) addDemand(draft, one, all, demand);
  if (isLasting) {
    const together: Together = { demand, consumers: new Map(), isStale: false };
    for (const one of all) {
      const own = draftOf(draft, one);
      own.together = together;
      if (own.isProvisional) count(together, one, 1);
    }
  }
  return demand;
}

/** Primitives that are on the same node whatever happens, and what those of them need that are not assigned yet. */
export interface Together {
  readonly demand: Map<string, number>;
  /** How many of them need each thing. */
  readonly consumers: Map<string, number>;
  /** Somebody has been colocated with one of them since. */
  isStale: boolean;
}

/** To be called when a primitive was assigned, or is to be assigned anew. */
export function noteProvisional(own: ResourceDraft, isProvisional: boolean): void {
  const { together, resource } = own;
  if (own.isProvisional === isProvisional) return;
  own.isProvisional = isProvisional;
  if (together === undefined) return;
  if (isProvisional) release(together.demand, resource.utilization);
  else consume(together.demand, resource.utilization);
  count(together, resource, isProvisional ? 1 : -1);
}

function count({ consumers, demand }: Together, resource: Resource, change: number): void {
  for (const name of resource.utilization.keys()) {
    const number = (consumers.get(name) ?? 0) + change;
    consumers.set(name, number);
    // To need nothing of something is not the same as not to need it: a node may have less than nothing.
    if (number === 0) demand.delete(name);
  }
}

/** Lasting: nothing but primitives that are together whatever happens; from each of them the same ones are found. */
function colocatedResources(
  draft: AssignDraft,
  resource: Resource,
): { readonly all: ReadonlySet<Resource>; readonly isLasting: boolean } {
  const all = new Set<Resource>();
  const waiting: Resource[] = [resource];
  let isLasting = true;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    if (next.kind !== 'primitive') isLasting = false;
    for (const neighbour of neighbours(draft, resource, next)) {
      if (neighbour === 'conditional') isLasting = false;
      else waiting.push(neighbour);
    }
  }
  return { all, isLasting };
}

/** Whom to look at next; 'conditional': there are some who are (or are not) together for the time being only. */
function* neighbours(
  draft: AssignDraft,
  origin: Resource,
  resource: Resource,
): Generator<Resource | 'conditional', void, void> {
  const own = draftOf(draft, resource);
  if (resource.kind === 'group') {
    const isTogether = resource.group?.isColocated === true || resource.parent?.kind === 'clone';
    yield* isTogether ? own.children : own.children.slice(0, 1);
  }
  for (const colocation of own.thisWith) {
    if (isLimited(colocation)) yield 'conditional';
    if (colocation.primary === origin || colocation.score < INFINITY) continue;
    if (affects(draft, resource, colocation.primary, colocation, true) === 'location') {
      yield colocation.primary;
    }
  }
  for (const colocation of own.withThis) {
    if (isLimited(colocation)) yield 'conditional';
    if (colocation.dependent === origin || colocation.score < INFINITY) continue;
    // It cannot be told on which instance's node the dependent will be.
    if (resource.kind === 'clone' && colocation.dependent.kind !== 'clone') {
      yield 'conditional';
      continue;
    }
    if (affects(draft, colocation.dependent, resource, colocation, true) === 'location') {
      yield colocation.dependent;
    }
  }
}

function isLimited({ dependentRole, primaryRole }: Colocation): boolean {
  return dependentRole !== ROLE.unknown || primaryRole !== ROLE.unknown;
}

function addDemand(
  draft: AssignDraft,
  resource: Resource,
  all: ReadonlySet<Resource>,
  demand: Map<string, number>,
): void {
  const own = draftOf(draft, resource);
  if (!own.isProvisional) return;
  switch (resource.kind) {
    case 'primitive':
      release(demand, resource.utilization);
      break;
    case 'group': {
      const isTogether = resource.group?.isColocated === true || resource.parent?.kind === 'clone';
      for (const member of isTogether ? own.children : own.children.slice(0, 1)) {
        if (!all.has(member)) addDemand(draft, member, all, demand);
      }
      break;
    }
    case 'clone':
      addCloneDemand(draft, resource, all, demand);
      break;
  }
}

/** That of the instances which are meant, else of the first one. */
function addCloneDemand(
  draft: AssignDraft,
  clone: Resource,
  all: ReadonlySet<Resource>,
  demand: Map<string, number>,
): void {
  const { children } = draftOf(draft, clone);
  let isAnyMeant = false;
  for (const instance of children) {
    if (all.has(instance)) isAnyMeant = true;
    else if (instance.children.some((member) => all.has(member))) {
      addDemand(draft, instance, all, demand);
      isAnyMeant = true;
    }
  }
  const [first] = children;
  if (!isAnyMeant && first !== undefined) addDemand(draft, first, all, demand);
}
