import type {
  Configuration,
  ConstraintDefinition,
  FencingLevel,
  NodeDefinition,
  Opaque,
  PairSet,
  ResourceSet,
} from '../../model/index.ts';
import { tree } from './tree.ts';
import { pairSetTree, ruleTree } from './write-pairs.ts';
import { resourceTree } from './write-resources.ts';
import type { XmlTree } from './xml.ts';

export function configurationTree(configuration: Configuration): XmlTree {
  const { properties, resourceDefaults, operationDefaults, nodes, constraints, tags, others } = configuration;
  /** Left out where empty, unlike the four parts that are always there. */
  const optional = (name: string, children: readonly XmlTree[]): readonly XmlTree[] =>
    children.length === 0 ? [] : [tree(name, {}, children)];
  return tree('configuration', {}, [
    tree('crm_config', {}, pairSetTrees('cluster_property_set', properties)),
    tree('nodes', {}, nodes.map(nodeTree)),
    tree('resources', {}, [...configuration.templates, ...configuration.resources].map(resourceTree)),
    tree('constraints', {}, constraints.map(constraintTree)),
    ...optional('rsc_defaults', pairSetTrees('meta_attributes', resourceDefaults)),
    ...optional('op_defaults', pairSetTrees('meta_attributes', operationDefaults)),
    ...optional('fencing-topology', configuration.fencingLevels.map(levelTree)),
    ...optional(
      'tags',
      tags.map(({ id, references }) =>
        tree(
          'tag',
          { id },
          references.map((reference) => tree('obj_ref', { id: reference })),
        ),
      ),
    ),
    ...others.map(opaqueTree),
  ]);
}

const pairSetTrees = (name: string, sets: readonly PairSet[]): readonly XmlTree[] =>
  sets.map((set) => pairSetTree(name, set));

const nodeTree = ({
  id,
  uname,
  type,
  description,
  score,
  attributes,
  utilization,
}: NodeDefinition): XmlTree =>
  tree('node', { id, uname, type, description, score }, [
    ...pairSetTrees('instance_attributes', attributes),
    ...pairSetTrees('utilization', utilization),
  ]);

const ELEMENTS = {
  location: 'rsc_location',
  colocation: 'rsc_colocation',
  order: 'rsc_order',
  ticket: 'rsc_ticket',
} as const;

const constraintTree = ({ kind, id, fields, sets, rules, lifetime }: ConstraintDefinition): XmlTree =>
  tree(ELEMENTS[kind], { id, ...fields }, [
    ...sets.map(setTree),
    ...rules.map(ruleTree),
    ...(lifetime === undefined ? [] : [tree('lifetime', { id: lifetime.id }, lifetime.rules.map(ruleTree))]),
  ]);

const setTree = ({ id, idRef, fields, resources }: ResourceSet): XmlTree =>
  tree(
    'resource_set',
    { id, 'id-ref': idRef, ...fields },
    resources.map((resource) => tree('resource_ref', { id: resource })),
  );

const levelTree = (level: FencingLevel): XmlTree =>
  tree('fencing-level', {
    id: level.id,
    target: level.target,
    'target-pattern': level.targetPattern,
    'target-attribute': level.targetAttribute,
    'target-value': level.targetValue,
    index: level.index,
    devices: level.devices.join(','),
  });

const opaqueTree = ({ name, attributes, children }: Opaque): XmlTree =>
  tree(
    name,
    attributes,
    children.map((child) => (typeof child === 'string' ? child : opaqueTree(child))),
  );
