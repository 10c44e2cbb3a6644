import type {
  Colocation,
  Deed,
  Failure,
  InstanceStatus,
  Location,
  NodeName,
  Order,
  Primitive,
  ResourceFailures,
  ResourceId,
} from '../../model/index.ts';
import { inOrderOfNeed } from './dependencies.ts';
import type { PlanInput } from './input.ts';
import { readNodes, type Nodes } from './nodes.ts';
import { asAsked, isUnmanaged } from './policy.ts';
import { isPresumed } from './presumed.ts';
import { stackingOf } from './stacking.ts';

export interface Definition {
  readonly id: ResourceId;
  readonly kind: 'primitive' | 'promotable-clone';
  readonly primitive: Primitive;
  readonly mayPromote: boolean;
}

/** One instance as it was last seen; `unknown` where nobody looked or the look told nothing. */
export interface Seen {
  readonly state: 'unknown' | 'stopped' | 'running' | 'promoted' | 'failed';
  readonly promotionScore: number | undefined;
  readonly failures: ResourceFailures | undefined;
  /** As `InstanceStatus` has it. */
  readonly applied?: string | undefined;
  readonly drift?: Failure | undefined;
}

/** The input in the shape in which the others look things up. */
export interface Facts extends Nodes {
  readonly input: PlanInput;
  readonly quorate: boolean;
  /** Sorted so that what a resource needs comes before it. */
  readonly definitions: readonly Definition[];
  readonly definition: ReadonlyMap<ResourceId, Definition>;
  readonly seen: (resource: ResourceId, node: NodeName) => Seen;
  /** Nobody could look, and it is held to run there. */
  readonly isPresumed: (definition: Definition, node: NodeName) => boolean;
  /** Nothing may be done with it there, but to look. */
  readonly isUnmanaged: (resource: ResourceId, node: NodeName) => boolean;
  readonly locations: ReadonlyMap<ResourceId, readonly Location[]>;
  /** By the resource that follows. */
  readonly colocations: ReadonlyMap<ResourceId, readonly Colocation[]>;
  /** By the later resource. */
  readonly orders: ReadonlyMap<ResourceId, readonly Order[]>;
  readonly deeds: readonly Deed[];
}

export function readFacts(input: PlanInput): Facts {
  const { blueprint, status, config } = input;
  const definition = new Map(
    blueprint.resources.map((resource): [ResourceId, Definition] => [
      resource.id,
      resource.kind === 'primitive'
        ? { id: resource.id, kind: resource.kind, primitive: asAsked(config, resource), mayPromote: false }
        : {
            id: resource.id,
            kind: resource.kind,
            primitive: asAsked(config, resource.primitive),
            mayPromote: resource.mayPromote,
          },
    ]),
  );
  const orders = blueprint.orders.filter(({ first, then }) => definition.has(first) && definition.has(then));
  const colocations = blueprint.colocations.filter(
    (constraint) => definition.has(constraint.resource) && definition.has(constraint.with),
  );
  const facts = {
    ...readNodes(input),
    input,
    quorate: status.quorate,
    definitions: inOrderOfNeed([...definition.values()], colocations, orders),
    definition,
    seen: (resource: ResourceId, node: NodeName) => see(status.nodes[node]?.instances[resource]),
    isUnmanaged: (resource: ResourceId, node: NodeName) => isUnmanaged(config, resource, node),
    locations: groupedBy(blueprint.locations, ({ resource }) => resource),
    colocations: groupedBy(colocations, ({ resource }) => resource),
    orders: groupedBy(orders, ({ then }) => then),
    deeds: blueprint.deeds,
  };
  const stacking = once(() => stackingOf(facts));
  return { ...facts, isPresumed: (definition, node) => isPresumed(facts, stacking, definition, node) };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const NOT_SEEN: Seen = { state: 'unknown', promotionScore: undefined, failures: undefined };

function see(instance: InstanceStatus | undefined): Seen {
  if (instance === undefined) return NOT_SEEN;
  const { observation, failures } = instance;
  return observation === 'unknown'
    ? { ...NOT_SEEN, failures }
    : {
        state: observation.state,
        promotionScore: observation.promotionScore,
        failures,
        applied: instance.applied,
        drift: observation.drift,
      };
}

function groupedBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
