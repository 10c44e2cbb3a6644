import type { HistoryEntry, NodeHistory, ResourceHistory, TicketHistory } from '../../model/index.ts';
import { agentOf } from './read-resources.ts';
import { readPairSet } from './read-pairs.ts';
import { fieldsWithout, pick, type Reader } from './reader.ts';
import type { XmlElement } from './xml.ts';

export interface Status {
  readonly nodes: readonly NodeHistory[];
  readonly tickets: readonly TicketHistory[];
}

export function readStatus(reader: Reader, element: XmlElement | undefined): Status {
  const nodes: NodeHistory[] = [];
  const tickets: TicketHistory[] = [];
  for (const child of element?.children ?? []) {
    if (child.name === 'node_state') nodes.push(...readNode(reader, child));
    else if (child.name === 'tickets')
      tickets.push(...child.children.flatMap((ticket) => readTicket(reader, ticket)));
    else reader.unknown(child, 'status');
  }
  return { nodes, tickets };
}

function readTicket(reader: Reader, element: XmlElement): readonly TicketHistory[] {
  const id = reader.required(element, 'id');
  return id === undefined ? [] : [{ id, fields: fieldsWithout(element, 'id') }];
}

function readNode(reader: Reader, element: XmlElement): readonly NodeHistory[] {
  const id = reader.required(element, 'id');
  if (id === undefined) return [];
  const transient = element.children.filter(({ name }) => name === 'transient_attributes');
  const records = element.children.filter(({ name }) => name === 'lrm');
  const [first] = transient;
  return [
    {
      id,
      ...pick(element, { uname: 'uname' }),
      isRemote: element.attributes['remote_node'] === 'true',
      fields: fieldsWithout(element, 'id', 'uname', 'remote_node'),
      ...(first === undefined ? {} : pick(first, { transientId: 'id' })),
      transient: transient.flatMap(({ children }) => children.map((set) => readPairSet(reader, set))),
      resources:
        records.length === 0
          ? undefined
          : records
              .flatMap(({ children }) => children)
              .flatMap(({ children }) => children)
              .flatMap((resource) => readResource(reader, resource)),
    },
  ];
}

function readResource(reader: Reader, element: XmlElement): readonly ResourceHistory[] {
  if (element.name !== 'lrm_resource') {
    reader.unknown(element, 'lrm_resources');
    return [];
  }
  const id = reader.required(element, 'id');
  if (id === undefined) return [];
  const agent = agentOf(element);
  return [
    {
      id,
      ...(agent === undefined ? {} : { agent }),
      fields: fieldsWithout(element, 'id', 'class', 'provider', 'type'),
      operations: element.children.flatMap((entry) => readEntry(reader, entry)),
    },
  ];
}

function readEntry(reader: Reader, element: XmlElement): readonly HistoryEntry[] {
  if (element.name !== 'lrm_rsc_op') {
    reader.unknown(element, 'lrm_resource');
    return [];
  }
  const id = reader.required(element, 'id');
  const operation = reader.required(element, 'operation');
  if (id === undefined || operation === undefined) return [];
  return [{ id, operation, fields: fieldsWithout(element, 'id', 'operation') }];
}
