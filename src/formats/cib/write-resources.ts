import type {
  OperationDefinition,
  PrimitiveDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from '../../model/index.ts';
import { tree } from './tree.ts';
import { pairSetTree } from './write-pairs.ts';
import type { XmlTree } from './xml.ts';

export function resourceTree(resource: ResourceDefinition | TemplateDefinition): XmlTree {
  const { kind, id, description } = resource;
  switch (kind) {
    case 'primitive':
    case 'template':
      return primitiveTree(resource);
    case 'group':
      return tree('group', { id, description }, [...pairs(resource), ...resource.members.map(primitiveTree)]);
    case 'clone':
      return tree(resource.isMaster ? 'master' : 'clone', { id, description }, [
        ...pairs(resource),
        resourceTree(resource.child),
      ]);
  }
}

const pairs = ({ meta, parameters }: Pick<ResourceDefinition, 'meta' | 'parameters'>): readonly XmlTree[] => [
  ...meta.map((set) => pairSetTree('meta_attributes', set)),
  ...parameters.map((set) => pairSetTree('instance_attributes', set)),
];

function primitiveTree(primitive: PrimitiveDefinition | TemplateDefinition): XmlTree {
  const { kind, id, description, agent, template, operations, operationsId, operationsIdRef } = primitive;
  const hasOperations = operations.length > 0 || operationsId !== undefined || operationsIdRef !== undefined;
  return tree(
    kind,
    { id, class: agent?.standard, provider: agent?.provider, type: agent?.type, template, description },
    [
      ...pairs(primitive),
      ...primitive.utilization.map((set) => pairSetTree('utilization', set)),
      ...(hasOperations
        ? [tree('operations', { id: operationsId, 'id-ref': operationsIdRef }, operations.map(operationTree))]
        : []),
    ],
  );
}

const operationTree = ({ id, idRef, fields, meta, parameters }: OperationDefinition): XmlTree =>
  tree('op', { id, 'id-ref': idRef, ...fields }, [
    ...meta.map((set) => pairSetTree('meta_attributes', set)),
    ...parameters.map((set) => pairSetTree('instance_attributes', set)),
  ]);
