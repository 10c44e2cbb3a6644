import type {
  Configuration,
  ConstraintDefinition,
  FencingLevel,
  NodeDefinition,
  Opaque,
  PairSet,
  ResourceDefinition,
  ResourceSet,
  Tag,
  TemplateDefinition,
} from '../../model/index.ts';
import { readPairSet, readRule } from './read-pairs.ts';
import { readResource } from './read-resources.ts';
import { fieldsWithout, pick, type Reader } from './reader.ts';
import type { XmlElement } from './xml.ts';

/** `undefined`: `<configuration>` itself is missing; everything in it is then empty. */
export function readConfiguration(reader: Reader, element: XmlElement | undefined): Configuration {
  const part = (name: string): readonly XmlElement[] =>
    element?.children.filter((child) => child.name === name).flatMap(({ children }) => children) ?? [];
  const pairSets = (name: string): readonly PairSet[] =>
    part(name).map((child) => readPairSet(reader, child));
  const resources: ResourceDefinition[] = [];
  const templates: TemplateDefinition[] = [];
  for (const child of part('resources')) {
    const found = readResource(reader, child);
    if (found === undefined) continue;
    if ('template' in found) templates.push(found.template);
    else resources.push(found.resource);
  }
  return {
    properties: pairSets('crm_config'),
    resourceDefaults: pairSets('rsc_defaults'),
    operationDefaults: pairSets('op_defaults'),
    nodes: part('nodes').flatMap((child) => readNode(reader, child)),
    resources,
    templates,
    constraints: part('constraints').flatMap((child) => readConstraint(reader, child)),
    tags: part('tags').flatMap((child) => readTag(reader, child)),
    fencingLevels: part('fencing-topology').flatMap((child) => readLevel(reader, child)),
    others: element?.children.filter(({ name }) => !READ.has(name)).map(opaque) ?? [],
  };
}

const READ = new Set([
  'crm_config',
  'rsc_defaults',
  'op_defaults',
  'nodes',
  'resources',
  'constraints',
  'tags',
  'fencing-topology',
]);

function readNode(reader: Reader, element: XmlElement): readonly NodeDefinition[] {
  const id = reader.required(element, 'id');
  const uname = reader.required(element, 'uname');
  if (id === undefined || uname === undefined) return [];
  const sets = (name: string): readonly PairSet[] =>
    element.children.filter((child) => child.name === name).map((child) => readPairSet(reader, child));
  return [
    {
      id,
      uname,
      ...pick(element, { type: 'type', description: 'description', score: 'score' }),
      attributes: sets('instance_attributes'),
      utilization: sets('utilization'),
    },
  ];
}

const CONSTRAINTS: Readonly<Record<string, ConstraintDefinition['kind']>> = {
  rsc_location: 'location',
  rsc_colocation: 'colocation',
  rsc_order: 'order',
  rsc_ticket: 'ticket',
};

function readConstraint(reader: Reader, element: XmlElement): readonly ConstraintDefinition[] {
  const kind = CONSTRAINTS[element.name];
  if (kind === undefined) {
    reader.unknown(element, 'constraints');
    return [];
  }
  const id = reader.required(element, 'id');
  if (id === undefined) return [];
  const named = (name: string): readonly XmlElement[] =>
    element.children.filter((child) => child.name === name);
  for (const child of element.children)
    if (!['resource_set', 'rule', 'lifetime'].includes(child.name)) reader.unknown(child, element.name);
  const [lifetime] = named('lifetime');
  return [
    {
      kind,
      id,
      fields: fieldsWithout(element, 'id'),
      sets: named('resource_set').map((set) => readSet(reader, set)),
      rules: named('rule').map((rule) => readRule(reader, rule)),
      ...(lifetime === undefined
        ? {}
        : {
            lifetime: {
              ...pick(lifetime, { id: 'id' }),
              rules: lifetime.children.map((rule) => readRule(reader, rule)),
            },
          }),
    },
  ];
}

const references = (reader: Reader, element: XmlElement): readonly string[] =>
  element.children.flatMap((child) => reader.required(child, 'id') ?? []);

const readSet = (reader: Reader, element: XmlElement): ResourceSet => ({
  ...pick(element, { id: 'id', idRef: 'id-ref' }),
  fields: fieldsWithout(element, 'id', 'id-ref'),
  resources: references(reader, element),
});

function readTag(reader: Reader, element: XmlElement): readonly Tag[] {
  const id = reader.required(element, 'id');
  return id === undefined ? [] : [{ id, references: references(reader, element) }];
}

function readLevel(reader: Reader, element: XmlElement): readonly FencingLevel[] {
  const index = reader.required(element, 'index');
  const devices = reader.required(element, 'devices');
  if (index === undefined || devices === undefined) return [];
  return [
    {
      ...pick(element, {
        id: 'id',
        target: 'target',
        targetPattern: 'target-pattern',
        targetAttribute: 'target-attribute',
        targetValue: 'target-value',
      }),
      index,
      devices: devices.split(',').map((device) => device.trim()),
    },
  ];
}

const opaque = ({ name, attributes, children, text }: XmlElement): Opaque => ({
  name,
  attributes,
  children: text === '' ? children.map(opaque) : [text, ...children.map(opaque)],
});
