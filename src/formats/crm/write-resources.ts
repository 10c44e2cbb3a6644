import type {
  AgentReference,
  OperationDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from '../../model/index.ts';
import { quote } from './tokens.ts';
import { fieldWords, setsWords, valueWord } from './write-pairs.ts';

/** One statement, a list a line. */
export function resourceLine(resource: ResourceDefinition | TemplateDefinition): string {
  const { id, description, meta, parameters } = resource;
  const head = [quote(id), ...headOf(resource)];
  return [
    head.join(' '),
    ...(description === undefined ? [] : [valueWord('description', description)]),
    ...setsWords('params', parameters, `${id}-instance_attributes`),
    ...setsWords('meta', meta, `${id}-meta_attributes`),
    ...(resource.kind === 'primitive' || resource.kind === 'template'
      ? [
          ...setsWords('utilization', resource.utilization, `${id}-utilization`),
          ...(resource.operationsId === undefined
            ? []
            : [`operations ${quote(`$id=${resource.operationsId}`)}`]),
          ...(resource.operationsIdRef === undefined
            ? []
            : [`operations ${quote(`$id-ref=${resource.operationsIdRef}`)}`]),
          ...resource.operations.map((operation) => operationWords(operation, id)),
        ]
      : []),
  ]
    .join(' \\\n    ')
    .replace(/^/, `${KEYWORDS[resource.kind === 'clone' && resource.isMaster ? 'ms' : resource.kind]} `);
}

const KEYWORDS = {
  primitive: 'primitive',
  template: 'rsc_template',
  group: 'group',
  clone: 'clone',
  ms: 'ms',
} as const;

function headOf(resource: ResourceDefinition | TemplateDefinition): readonly string[] {
  switch (resource.kind) {
    case 'group':
      return resource.members.map(({ id }) => quote(id));
    case 'clone':
      return [quote(resource.child.id)];
    case 'primitive':
    case 'template':
      if (resource.template !== undefined) return [quote(`@${resource.template}`)];
      return resource.agent === undefined ? [] : [quote(agentName(resource.agent))];
  }
}

export const agentName = ({ standard, provider, type }: AgentReference): string =>
  [standard, provider, type].filter((part) => part !== undefined).join(':');

function operationWords(
  { id, idRef, fields, meta, parameters }: OperationDefinition,
  resource: string,
): string {
  if (idRef !== undefined) return `op ${quote(`$id-ref=${idRef}`)}`;
  const { name = '', ...others } = fields;
  const { interval, ...withoutInterval } = others;
  const wantedId = `${resource}-${name}-${interval ?? '0s'}`.replace(/[^\w.-]/g, '_');
  return [
    'op',
    ...(id === undefined || id === wantedId ? [] : [quote(`$id=${id}`)]),
    quote(name),
    ...(interval === '0s' ? [fieldWords(withoutInterval)] : [fieldWords(others)]).filter(
      (word) => word !== '',
    ),
    ...setsWords('op_params', parameters, `${id ?? wantedId}-instance_attributes`),
    ...setsWords('op_meta', meta, `${id ?? wantedId}-meta_attributes`),
  ].join(' ');
}
