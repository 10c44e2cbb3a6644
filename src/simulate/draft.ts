import type {
  AgentReference,
  ClusterDocument,
  HistoryEntry,
  NodeHistory,
  Pair,
  PairSet,
  ResourceHistory,
} from '../model/index.ts';

type Fields = Readonly<Record<string, string>>;

export interface ResourceDraft {
  readonly id: string;
  readonly agent: AgentReference | undefined;
  fields: Fields;
  readonly operations: Map<string, HistoryEntry>;
}

export interface NodeDraft {
  readonly id: string;
  readonly uname: string | undefined;
  readonly isRemote: boolean;
  fields: Fields;
  transientId: string | undefined;
  transient: readonly PairSet[];
  /** `undefined`: no part for resources at all. */
  resources: Map<string, ResourceDraft> | undefined;
}

/** The status of a cluster while it is being changed; the document it was made of stays as it is. */
export interface StatusDraft {
  readonly original: ClusterDocument;
  readonly nodes: NodeDraft[];
}

const draftResource = ({ id, agent, fields, operations }: ResourceHistory): ResourceDraft => ({
  id,
  agent,
  fields,
  operations: new Map(operations.map((entry) => [entry.id, entry])),
});

const draftNode = (node: NodeHistory): NodeDraft => ({
  id: node.id,
  uname: node.uname,
  isRemote: node.isRemote,
  fields: node.fields,
  transientId: node.transientId,
  transient: node.transient,
  resources: node.resources && draftResources(node.resources),
});

/** One record for each resource: what several records tell of it is put together, the later one counting more. */
const draftResources = (histories: readonly ResourceHistory[]): Map<string, ResourceDraft> => {
  const drafts = new Map<string, ResourceDraft>();
  for (const history of histories) {
    const known = drafts.get(history.id);
    if (known === undefined) drafts.set(history.id, draftResource(history));
    else for (const entry of history.operations) known.operations.set(entry.id, entry);
  }
  return drafts;
};

export const draftStatus = (document: ClusterDocument): StatusDraft => ({
  original: document,
  nodes: document.nodes.map(draftNode),
});

const finishResource = ({ id, agent, fields, operations }: ResourceDraft): ResourceHistory => ({
  id,
  ...(agent && { agent }),
  fields,
  operations: [...operations.values()],
});

const finishNode = (node: NodeDraft): NodeHistory => ({
  id: node.id,
  ...(node.uname !== undefined && { uname: node.uname }),
  isRemote: node.isRemote,
  fields: node.fields,
  ...(node.transientId !== undefined && { transientId: node.transientId }),
  transient: node.transient,
  resources: node.resources && [...node.resources.values()].map(finishResource),
});

/** A new document with the status as changed. */
export const finishStatus = (draft: StatusDraft): ClusterDocument => ({
  ...draft.original,
  nodes: draft.nodes.map(finishNode),
});

/** The record of a node by its name; a new empty one where there is none. */
export const ensureNode = (draft: StatusDraft, name: string): NodeDraft => {
  const known = draft.nodes.find(({ uname }) => uname === name);
  if (known !== undefined) return known;
  const defined = draft.original.configuration.nodes.find(({ uname }) => uname === name);
  const made: NodeDraft = {
    id: defined?.id ?? name,
    uname: name,
    isRemote: false,
    fields: {},
    transientId: undefined,
    transient: [],
    resources: undefined,
  };
  draft.nodes.push(made);
  return made;
};

/** The membership's view of a node: in it and ready, or gone in order. */
export const setMembership = (node: NodeDraft, isUp: boolean): void => {
  node.fields = {
    ...node.fields,
    in_ccm: isUp ? 'true' : 'false',
    crmd: isUp ? 'online' : 'offline',
    join: isUp ? 'member' : 'down',
    expected: isUp ? 'member' : 'down',
    'crm-debug-origin': 'simulation',
  };
};

/** A node that was switched off knows nothing of what it did, and its transient attributes are gone. */
export const forgetNode = (node: NodeDraft): void => {
  node.resources = undefined;
  node.transient = [];
  node.transientId = undefined;
};

/** Sets a transient attribute; `change` gets the value there is. */
export const setTransient = (
  node: NodeDraft,
  name: string,
  change: (before: string | undefined) => string,
): void => {
  node.transientId ??= node.id;
  const [first, ...others] =
    node.transient.length > 0 ? node.transient : [{ id: `status-${node.id}`, pairs: [] }];
  if (first === undefined) return;
  const before = first.pairs.find((pair) => pair.name === name);
  const pair: Pair = {
    id: before?.id ?? `${first.id ?? node.id}-${name.replace(/[^A-Za-z0-9._-]/g, '.')}`,
    name,
    value: change(before?.value),
  };
  const pairs =
    before === undefined ? [...first.pairs, pair] : first.pairs.map((one) => (one === before ? pair : one));
  node.transient = [{ ...first, pairs }, ...others];
};
