import type {
  AgentReference,
  CloneDefinition,
  GroupDefinition,
  OperationDefinition,
  PairSet,
  PrimitiveDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from '../../model/index.ts';
import { readPairSet } from './read-pairs.ts';
import { fieldsWithout, pick, type Reader } from './reader.ts';
import type { XmlElement } from './xml.ts';

type Found =
  { readonly resource: ResourceDefinition } | { readonly template: TemplateDefinition } | undefined;

export function readResource(reader: Reader, element: XmlElement): Found {
  switch (element.name) {
    case 'primitive': {
      const parts = primitiveParts(reader, element);
      return parts && { resource: { kind: 'primitive', ...parts } };
    }
    case 'template': {
      const parts = primitiveParts(reader, element);
      return parts && { template: { kind: 'template', ...parts } };
    }
    case 'group': {
      const group = readGroup(reader, element);
      return group && { resource: group };
    }
    case 'clone':
    case 'master':
    case 'master_slave': {
      const clone = readClone(reader, element);
      return clone && { resource: clone };
    }
    default:
      reader.unknown(element, 'resources');
      return undefined;
  }
}

export function agentOf(element: XmlElement): AgentReference | undefined {
  const { class: standard, provider, type } = element.attributes;
  if (standard === undefined || type === undefined) return undefined;
  return { standard, ...(provider === undefined ? {} : { provider }), type };
}

const sets = (reader: Reader, element: XmlElement, name: string): readonly PairSet[] =>
  element.children.filter((child) => child.name === name).map((child) => readPairSet(reader, child));

const common = (reader: Reader, element: XmlElement) => ({
  ...pick(element, { description: 'description' }),
  meta: sets(reader, element, 'meta_attributes'),
  parameters: sets(reader, element, 'instance_attributes'),
});

type PrimitiveParts = Omit<PrimitiveDefinition, 'kind'>;

const PARTS_OF_PRIMITIVE = ['meta_attributes', 'instance_attributes', 'utilization', 'operations'];

function primitiveParts(reader: Reader, element: XmlElement): PrimitiveParts | undefined {
  const id = reader.required(element, 'id');
  if (id === undefined) return undefined;
  const agent = agentOf(element);
  const { template } = element.attributes;
  if (agent === undefined && template === undefined) {
    reader.note('missing_field', element, 'Neither class and type nor a template is given; it is left out.');
    return undefined;
  }
  for (const child of element.children)
    if (!PARTS_OF_PRIMITIVE.includes(child.name)) reader.unknown(child, element.name);
  const operations = element.children.find(({ name }) => name === 'operations');
  return {
    id,
    ...(agent === undefined ? {} : { agent }),
    ...(template === undefined ? {} : { template }),
    ...common(reader, element),
    utilization: sets(reader, element, 'utilization'),
    operations: operations?.children.flatMap((child) => readOperation(reader, child)) ?? [],
    ...(operations === undefined ? {} : pick(operations, { operationsId: 'id', operationsIdRef: 'id-ref' })),
  };
}

function readOperation(reader: Reader, element: XmlElement): readonly OperationDefinition[] {
  if (element.name !== 'op') {
    reader.unknown(element, 'operations');
    return [];
  }
  return [
    {
      ...pick(element, { id: 'id', idRef: 'id-ref' }),
      fields: fieldsWithout(element, 'id', 'id-ref'),
      meta: sets(reader, element, 'meta_attributes'),
      parameters: sets(reader, element, 'instance_attributes'),
    },
  ];
}

function readGroup(reader: Reader, element: XmlElement): GroupDefinition | undefined {
  const id = reader.required(element, 'id');
  if (id === undefined) return undefined;
  const members: PrimitiveDefinition[] = [];
  for (const child of element.children) {
    if (child.name === 'primitive') {
      const parts = primitiveParts(reader, child);
      if (parts !== undefined) members.push({ kind: 'primitive', ...parts });
    } else if (child.name !== 'meta_attributes' && child.name !== 'instance_attributes')
      reader.unknown(child, 'group');
  }
  return { kind: 'group', id, ...common(reader, element), members };
}

function readClone(reader: Reader, element: XmlElement): CloneDefinition | undefined {
  const id = reader.required(element, 'id');
  const inner = element.children.find(({ name }) => name === 'primitive' || name === 'group');
  if (id === undefined) return undefined;
  const found = inner === undefined ? undefined : readResource(reader, inner);
  if (found === undefined || !('resource' in found) || found.resource.kind === 'clone') {
    reader.note('invalid_resource', element, 'There is nothing to clone in it; it is left out.');
    return undefined;
  }
  for (const child of element.children)
    if (child !== inner && child.name !== 'meta_attributes' && child.name !== 'instance_attributes')
      reader.unknown(child, element.name);
  return {
    kind: 'clone',
    id,
    isMaster: element.name !== 'clone',
    ...common(reader, element),
    child: found.resource,
  };
}
