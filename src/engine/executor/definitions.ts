import type { Blueprint, InstanceStatus, Primitive, ResourceId } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { remembered, rememberedPair } from '../remembered.ts';

type Instances = Readonly<Record<ResourceId, InstanceStatus>>;

const listOf = remembered(({ resources }: Blueprint): readonly Primitive[] =>
  resources.map((resource) => (resource.kind === 'promotable-clone' ? resource.primitive : resource)),
);

const byId = remembered(
  (blueprint: Blueprint): ReadonlyMap<ResourceId, Primitive> =>
    new Map(listOf(blueprint).map((definition) => [definition.id, definition])),
);

const activeOf = rememberedPair((instances: Instances, blueprint: Blueprint): readonly Primitive[] =>
  listOf(blueprint).filter(({ id }) => isActive(instances[id])),
);

const isActive = (status: InstanceStatus | undefined): boolean =>
  status !== undefined && status.observation !== 'unknown' && status.observation.state !== 'stopped';

const NONE: Instances = {};

export const definitions = ({ config }: EngineState): readonly Primitive[] => listOf(config.blueprint);

export const definitionOf = ({ config }: EngineState, resource: ResourceId): Primitive | undefined =>
  byId(config.blueprint).get(resource);

/**
 * What is active on this node, in the order of the blueprint. The same list as long as neither has changed; at the end
 * of a step only, when what runs here changes no more.
 */
export const activeHere = ({ self, status, config }: EngineState): readonly Primitive[] =>
  activeOf(status.nodes[self]?.instances ?? NONE, config.blueprint);
