import type {
  Configuration,
  OperationDefinition,
  Pair,
  PairSet,
  PrimitiveDefinition,
  Rule,
  TemplateDefinition,
} from '../../../model/index.ts';

/** Sets of pairs are referred to within their kind only. */
export type SetKind = 'properties' | 'meta' | 'parameters' | 'utilization';

/** What an `id-ref` stands for; the first one with the id counts. */
export interface References {
  readonly set: (kind: SetKind, id: string) => PairSet | undefined;
  readonly pair: (id: string) => Pair | undefined;
  readonly rule: (id: string) => Rule | undefined;
  readonly operations: (id: string) => readonly OperationDefinition[] | undefined;
}

interface Index {
  readonly sets: Readonly<Record<SetKind, Map<string, PairSet>>>;
  readonly pairs: Map<string, Pair>;
  readonly rules: Map<string, Rule>;
  readonly operations: Map<string, readonly OperationDefinition[]>;
}

function remember<Value>(map: Map<string, Value>, id: string | undefined, value: Value): void {
  if (id !== undefined && !map.has(id)) map.set(id, value);
}

function indexRule(index: Index, rule: Rule): void {
  const waiting = [rule];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    remember(index.rules, next.id, next);
    for (const expression of next.expressions) if (expression.kind === 'rule') waiting.push(expression.rule);
  }
}

function indexSets(index: Index, kind: SetKind, sets: readonly PairSet[]): void {
  for (const set of sets) {
    remember(index.sets[kind], set.id, set);
    for (const pair of set.pairs) remember(index.pairs, pair.id, pair);
    if (set.rule !== undefined) indexRule(index, set.rule);
  }
}

function indexPrimitive(index: Index, primitive: PrimitiveDefinition | TemplateDefinition): void {
  indexSets(index, 'meta', primitive.meta);
  indexSets(index, 'parameters', primitive.parameters);
  indexSets(index, 'utilization', primitive.utilization);
  remember(index.operations, primitive.operationsId, primitive.operations);
  for (const operation of primitive.operations) {
    indexSets(index, 'meta', operation.meta);
    indexSets(index, 'parameters', operation.parameters);
  }
}

function buildIndex(configuration: Configuration): Index {
  const index: Index = {
    sets: { properties: new Map(), meta: new Map(), parameters: new Map(), utilization: new Map() },
    pairs: new Map(),
    rules: new Map(),
    operations: new Map(),
  };
  indexSets(index, 'properties', configuration.properties);
  for (const node of configuration.nodes) {
    indexSets(index, 'parameters', node.attributes);
    indexSets(index, 'utilization', node.utilization);
  }
  for (const template of configuration.templates) indexPrimitive(index, template);
  for (const resource of configuration.resources) {
    const group = resource.kind === 'clone' ? resource.child : resource;
    for (const part of new Set([resource, group])) {
      if (part.kind === 'primitive') continue;
      indexSets(index, 'meta', part.meta);
      indexSets(index, 'parameters', part.parameters);
    }
    if (group.kind === 'primitive') indexPrimitive(index, group);
    else for (const member of group.members) indexPrimitive(index, member);
  }
  for (const constraint of configuration.constraints) {
    for (const rule of constraint.rules) indexRule(index, rule);
    for (const rule of constraint.lifetime?.rules ?? []) indexRule(index, rule);
  }
  indexSets(index, 'meta', configuration.resourceDefaults);
  indexSets(index, 'meta', configuration.operationDefaults);
  return index;
}

/** The index is built when it is asked for the first time: most definitions refer to nothing. */
export function createReferences(configuration: Configuration): References {
  let built: Index | undefined;
  const index = (): Index => (built ??= buildIndex(configuration));
  return {
    set: (kind, id) => index().sets[kind].get(id),
    pair: (id) => index().pairs.get(id),
    rule: (id) => index().rules.get(id),
    operations: (id) => index().operations.get(id),
  };
}
