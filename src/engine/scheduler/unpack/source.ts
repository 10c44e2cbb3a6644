import type {
  AgentReference,
  GroupDefinition,
  OperationDefinition,
  PairSet,
  PrimitiveDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import type { Draft } from './draft.ts';
import type { References } from './references.ts';
import { report } from './report.ts';

/** What a resource is made of: its definition with the template's parts in it. Instances of a clone share one. */
export interface Source {
  readonly kind: 'primitive' | 'group' | 'clone';
  /** As written; instances have a number after it. */
  readonly id: string;
  readonly agent: AgentReference | undefined;
  readonly meta: readonly PairSet[];
  readonly parameters: readonly PairSet[];
  readonly utilization: readonly PairSet[];
  readonly operations: readonly OperationDefinition[];
  /** Of a group. */
  readonly members: readonly PrimitiveDefinition[];
  /** Of a clone. */
  readonly child: PrimitiveDefinition | GroupDefinition | undefined;
  /** Written with the older word `master`. */
  readonly isMaster: boolean;
}

const NOTHING = {
  agent: undefined,
  parameters: [],
  utilization: [],
  members: [],
  child: undefined,
  isMaster: false,
} as const;

/** What the history tells of a resource that is not defined. */
export function orphanSource(id: string, agent: AgentReference | undefined): Source {
  return { ...NOTHING, kind: 'primitive', id, agent, meta: [], operations: [] };
}

/** Operations are the same where name and role are; unpromoted and started count as no role. */
function operationKey({ fields }: OperationDefinition): string {
  const role = lower(fields['role'] ?? '');
  const isUsual = role === '' || role === 'started' || role === 'unpromoted' || role === 'slave';
  return `${fields['name'] ?? ''}\n${isUsual ? '' : (fields['role'] ?? '')}`;
}

function withTemplateOperations(
  own: readonly OperationDefinition[],
  template: readonly OperationDefinition[],
): readonly OperationDefinition[] {
  const keys = new Set(own.map(operationKey));
  return [...own, ...template.filter((operation) => !keys.has(operationKey(operation)))];
}

/** Where the list of operations is a reference, the list referred to counts as it was written. */
function operationsOf(
  references: References,
  primitive: PrimitiveDefinition,
  template: TemplateDefinition | undefined,
): readonly OperationDefinition[] {
  const hasOwn = primitive.operations.length > 0 || primitive.operationsIdRef !== undefined;
  const idRef = hasOwn ? primitive.operationsIdRef : template?.operationsIdRef;
  if (idRef !== undefined) return [...(references.operations(idRef) ?? [])];
  return template === undefined
    ? [...primitive.operations]
    : withTemplateOperations(primitive.operations, template.operations);
}

function findTemplate(draft: Draft, primitive: PrimitiveDefinition): TemplateDefinition | undefined {
  const { id, template: wanted } = primitive;
  const template = wanted === undefined || wanted === id ? undefined : draft.templates.get(wanted);
  if (template === undefined) {
    report(
      draft.pairs,
      'invalid_resource',
      `resource '${id}'`,
      `There is no template '${wanted ?? ''}' for it; the resource is left out`,
    );
  }
  return template;
}

function primitiveSource(draft: Draft, primitive: PrimitiveDefinition): Source | undefined {
  const { id } = primitive;
  const common = { ...NOTHING, kind: 'primitive', id } as const;
  if (primitive.template === undefined) {
    const { agent, meta, parameters, utilization } = primitive;
    const operations = operationsOf(draft.pairs.references, primitive, undefined);
    return { ...common, agent, meta, parameters, utilization, operations };
  }
  const template = findTemplate(draft, primitive);
  return (
    template && {
      ...common,
      agent: template.agent,
      meta: [...template.meta, ...primitive.meta],
      parameters: [...template.parameters, ...primitive.parameters],
      utilization: [...template.utilization, ...primitive.utilization],
      operations: operationsOf(draft.pairs.references, primitive, template),
    }
  );
}

function buildSource(draft: Draft, definition: ResourceDefinition): Source | undefined {
  switch (definition.kind) {
    case 'primitive':
      return primitiveSource(draft, definition);
    case 'group': {
      const { id, meta, parameters, members } = definition;
      return { ...NOTHING, kind: 'group', id, meta, parameters, operations: [], members };
    }
    case 'clone': {
      const { id, meta, parameters, child, isMaster } = definition;
      return { ...NOTHING, kind: 'clone', id, meta, parameters, operations: [], child, isMaster };
    }
  }
}

/** `undefined`: its template does not exist. */
export function sourceOf(draft: Draft, definition: ResourceDefinition): Source | undefined {
  if (!draft.definitions.has(definition)) draft.definitions.set(definition, buildSource(draft, definition));
  return draft.definitions.get(definition);
}
