import type {
  Configuration,
  ConstraintDefinition,
  NodeDefinition,
  NodeName,
  PairSet,
  PrimitiveDefinition,
  ResourceDefinition,
  ResourceId,
} from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';
import { metaOf, operationsOf } from './document-policy.ts';
import { STICKINESS } from './fitness.ts';
import { pairs } from './pairs.ts';

/** A clone and what it clones have one name here, two in Pacemaker's model; no name of ours has a dot. */
const CLONE = '.clone';

/** Of a primitive or clone, as constraints name it. */
const topName = (facts: Facts, id: ResourceId): string =>
  facts.definition.get(id)?.kind === 'promotable-clone' ? `${id}${CLONE}` : id;

/** The native agents; never run by this name, the planner looks the agent up in the blueprint. */
export const agentOf = ({ primitive }: Definition): { standard: string; provider: string; type: string } => ({
  standard: 'ocf',
  provider: 'keelson',
  type: primitive.agent,
});

/** The blueprint in Pacemaker's model. */
export function configurationOf(facts: Facts, names: readonly NodeName[]): Configuration {
  const { properties } = facts.input.config;
  return {
    properties: [
      pairs('cluster', {
        'stonith-enabled': 'true',
        // There is something to fence with; which device it is does not matter here.
        'have-watchdog': 'true',
        'concurrent-fencing': 'true',
        'no-quorum-policy': properties.quorumPolicy,
        // Of nodes that have none of their own: Pacemaker's model has one for all.
        ...(properties.fenceAction === undefined ? {} : { 'stonith-action': properties.fenceAction }),
        'start-failure-is-fatal': 'false',
        ...(properties.maintenance === true ? { 'maintenance-mode': 'true' } : {}),
      }),
    ],
    resourceDefaults: [pairs('defaults', { 'resource-stickiness': String(STICKINESS) })],
    operationDefaults: [],
    nodes: names.map((name) => nodeOf(facts, name)),
    resources: facts.definitions.map((definition) => resourceOf(facts, definition)),
    templates: [],
    constraints: [...locations(facts), ...colocations(facts), ...orders(facts)],
    tags: [],
    fencingLevels: [],
    others: [],
  };
}

function nodeOf({ input }: Facts, name: NodeName): NodeDefinition {
  const node = input.config.nodes[name];
  const asked = {
    ...(node?.standby === true ? { standby: 'on' } : {}),
    ...(node?.maintenance === true ? { maintenance: 'true' } : {}),
  };
  const attributes: readonly PairSet[] =
    Object.keys(asked).length === 0 ? [] : [pairs(`${name}-attributes`, asked)];
  return { id: name, uname: name, attributes, utilization: [] };
}

/**
 * No operations are defined but those that something was asked for: agents are monitored by their host, deadlines are
 * the blueprint's.
 */
function resourceOf(facts: Facts, definition: Definition): ResourceDefinition {
  const { id, kind, primitive } = definition;
  const own = (meta: Readonly<Record<string, string>>): PrimitiveDefinition => ({
    kind: 'primitive',
    id,
    agent: agentOf(definition),
    meta: [pairs(`${id}-meta`, { 'migration-threshold': String(primitive.migrationThreshold), ...meta })],
    parameters: [],
    utilization: [],
    operations: operationsOf(facts, definition),
  });
  const asked = metaOf(facts, primitive);
  if (kind === 'primitive') return own(asked);
  return {
    kind: 'clone',
    id: `${id}${CLONE}`,
    isMaster: false,
    // An instance that is not promoted does no harm beside one on a lost node: it need not wait for fencing.
    child: own({ requires: 'quorum' }),
    meta: [pairs(`${id}${CLONE}-meta`, { promotable: 'true', interleave: 'true', ...asked })],
    parameters: [],
  };
}

const constraint = (
  kind: ConstraintDefinition['kind'],
  id: string,
  fields: Readonly<Record<string, string>>,
): ConstraintDefinition => ({ kind, id, fields, sets: [], rules: [] });

const locations = (facts: Facts): readonly ConstraintDefinition[] =>
  [...facts.locations].flatMap(([resource, ofResource]) =>
    facts.definition.has(resource)
      ? ofResource.map(({ role, node, score }, index) =>
          constraint('location', `location-${resource}-${index}`, {
            rsc: topName(facts, resource),
            node,
            score: String(score),
            ...(role === 'promoted' ? { role: 'Promoted' } : {}),
          }),
        )
      : [],
  );

const colocations = (facts: Facts): readonly ConstraintDefinition[] =>
  [...facts.colocations].flatMap(([resource, ofResource]) =>
    ofResource.map((colocation, index) =>
      constraint('colocation', `colocation-${resource}-${index}`, {
        rsc: topName(facts, resource),
        'with-rsc': topName(facts, colocation.with),
        ...(colocation.withRole === 'promoted' ? { 'with-rsc-role': 'Promoted' } : {}),
        score: String(colocation.score),
        influence: String(colocation.influence),
      }),
    ),
  );

const orders = (facts: Facts): readonly ConstraintDefinition[] =>
  [...facts.orders].flatMap(([resource, ofResource]) =>
    ofResource.map(({ kind, first, firstAction, then, thenAction }, index) =>
      constraint('order', `order-${resource}-${index}`, {
        first: topName(facts, first),
        'first-action': firstAction,
        then: topName(facts, then),
        'then-action': thenAction,
        kind: kind === 'mandatory' ? 'Mandatory' : 'Optional',
      }),
    ),
  );
