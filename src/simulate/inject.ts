import {
  failed,
  failure,
  success,
  type ClusterDocument,
  type NodeDefinition,
  type Result,
} from '../model/index.ts';
import { calculateDigests } from '../engine/scheduler/actions/digest.ts';
import type { ScheduleInput } from '../engine/scheduler/input.ts';
import { findNode } from '../engine/scheduler/unpack/lookup.ts';
import type { Node } from '../engine/scheduler/unpack/node.ts';
import type { Resource } from '../engine/scheduler/unpack/resource.ts';
import { unpack } from '../engine/scheduler/unpack/unpack.ts';
import type { Unpacked } from '../engine/scheduler/unpack/unpacked.ts';
import { draftStatus, ensureNode, finishStatus, forgetNode, setMembership } from './draft.ts';
import type { InjectedResult, Injection, TicketChange } from './injection.ts';
import { recurringMonitor } from './monitor.ts';
import { countFailure, ensureResource, recordResult } from './record.ts';

/** Agents' exit code for an error of no particular kind. */
const ERROR = 1;

/**
 * Lets something happen to a cluster: a new input with a changed document or a later time. Fails with `node_not_found`,
 * `resource_not_found` or `event_invalid`; nothing is changed then. As in crm_simulate, an injected result says nothing
 * of the parameters it was reached with: where it is the first of its kind the scheduler takes them for changed.
 */
export const inject = (input: ScheduleInput, injection: Injection): Result<ScheduleInput> => {
  const { document } = input;
  switch (injection.kind) {
    case 'node':
      return onDocument(input, changeNode(document, injection.node, injection.change));
    case 'standby':
      return onDocument(input, changeStandby(document, injection.node, injection.isStandby));
    case 'result':
      return addResult(input, unpack(input), injection.result, undefined);
    case 'resource-failure':
      return failResource(input, injection.resource, injection.node);
    case 'quorum':
      return onDocument(
        input,
        success({
          ...document,
          fields: { ...document.fields, 'have-quorum': injection.isQuorate ? '1' : '0' },
        }),
      );
    case 'ticket':
      return onDocument(input, success(changeTicket(document, injection.ticket, injection.change)));
    case 'time':
      return success({ ...input, now: input.now + injection.seconds });
  }
};

const onDocument = (input: ScheduleInput, changed: Result<ClusterDocument>): Result<ScheduleInput> =>
  changed.ok ? success({ ...input, document: changed.value }) : changed;

const noNode = (name: string): Result<never> =>
  failed(failure('node_not_found', `The cluster has no node '${name}'`));

const isKnown = (document: ClusterDocument, name: string): boolean =>
  document.configuration.nodes.some(({ uname }) => uname === name) ||
  document.nodes.some(({ uname }) => uname === name);

const changeNode = (
  document: ClusterDocument,
  name: string,
  change: 'up' | 'down' | 'failed',
): Result<ClusterDocument> => {
  if (!isKnown(document, name)) return noNode(name);
  const draft = draftStatus(document);
  const node = ensureNode(draft, name);
  setMembership(node, change !== 'down');
  if (change === 'down') forgetNode(node);
  // It should be there, and is not: only fencing makes sure of it.
  if (change === 'failed') node.fields = { ...node.fields, in_ccm: 'false' };
  return success(finishStatus(draft));
};

const changeStandby = (
  document: ClusterDocument,
  name: string,
  isStandby: boolean,
): Result<ClusterDocument> => {
  const { configuration } = document;
  if (!configuration.nodes.some(({ uname }) => uname === name)) return noNode(name);
  const value = isStandby ? 'on' : 'off';
  const nodes = configuration.nodes.map((node) => (node.uname === name ? withStandby(node, value) : node));
  return success({ ...document, configuration: { ...configuration, nodes } });
};

const withStandby = (node: NodeDefinition, value: string): NodeDefinition => {
  const [first = { id: `nodes-${node.id}`, pairs: [] }, ...others] = node.attributes;
  const sets = [first, ...others];
  const holder = sets.find(({ pairs }) => pairs.some((pair) => pair.name === 'standby')) ?? first;
  const before = holder.pairs.find((pair) => pair.name === 'standby');
  const pair = { id: before?.id ?? `${holder.id ?? node.id}-standby`, name: 'standby', value };
  const pairs = [...holder.pairs.filter((one) => one !== before), pair];
  return { ...node, attributes: sets.map((set) => (set === holder ? { ...set, pairs } : set)) };
};

const changeTicket = (document: ClusterDocument, id: string, change: TicketChange): ClusterDocument => {
  const fields =
    change === 'grant' || change === 'revoke'
      ? { granted: String(change === 'grant') }
      : { standby: String(change === 'standby') };
  const known = document.tickets.some((ticket) => ticket.id === id);
  const tickets = known
    ? document.tickets.map((ticket) =>
        ticket.id === id ? { ...ticket, fields: { ...ticket.fields, ...fields } } : ticket,
      )
    : [...document.tickets, { id, fields }];
  return { ...document, tickets };
};

const primitivesNamed = (unpacked: Unpacked, name: string): Resource[] => {
  const exact = unpacked.all.filter(({ id, historyId }) => id === name || historyId === name);
  const found =
    exact.length > 0
      ? exact
      : unpacked.all.filter(({ id, isUnique }) => !isUnique && id.replace(/:\d+$/, '') === name);
  return found.filter(({ kind }) => kind === 'primitive');
};

const noResource = (name: string): Result<never> =>
  failed(failure('resource_not_found', `There is no resource '${name}' that an agent could act on`));

const addResult = (
  input: ScheduleInput,
  unpacked: Unpacked,
  result: InjectedResult,
  digest: string | undefined,
): Result<ScheduleInput> => {
  const { operation, interval, exitCode } = result;
  const node = findNode(unpacked, result.node);
  if (node === undefined) return noNode(result.node);
  const [resource] = primitivesNamed(unpacked, result.resource);
  if (resource === undefined) return noResource(result.resource);
  const draft = draftStatus(input.document);
  const state = ensureNode(draft, node.name);
  const history = ensureResource(state, result.resource, result.resource, resource.agent);
  if (history === undefined) {
    return failed(
      failure('event_invalid', `The agent of '${result.resource}' is of no kind that could be recorded`),
    );
  }
  countFailure(state, result.resource, operation, interval, exitCode, input.now);
  recordResult(history, {
    resource: history.id,
    operation,
    interval,
    exitCode,
    expectedCode: 0,
    at: input.now,
    digest,
    notification: undefined,
    migration: undefined,
  });
  return success({ ...input, document: finishStatus(draft) });
};

const failResource = (
  input: ScheduleInput,
  name: string,
  nodeName: string | undefined,
): Result<ScheduleInput> => {
  const unpacked = unpack(input);
  const node = nodeName === undefined ? undefined : findNode(unpacked, nodeName);
  if (nodeName !== undefined && node === undefined) return noNode(nodeName);
  const named = primitivesNamed(unpacked, name);
  if (named.length === 0) return noResource(name);
  const place = activePlace(named, node);
  if (place === undefined) {
    return failed(failure('event_invalid', `'${name}' does not run${nodeName ? ` on '${nodeName}'` : ''}`));
  }
  const interval = recurringMonitor(unpacked, place.resource, place.node);
  if (interval === undefined) {
    return failed(failure('event_invalid', `'${name}' has no recurring monitor that could find it broken`));
  }
  const result = {
    resource: place.resource.historyId ?? place.resource.id,
    operation: 'monitor',
    interval,
    node: place.node.name,
    exitCode: ERROR,
  };
  const { all } = calculateDigests(unpacked, place.resource, place.node, 'monitor', interval, undefined);
  return addResult(input, unpacked, result, all);
};

const activePlace = (
  resources: readonly Resource[],
  node: Node | undefined,
): { readonly resource: Resource; readonly node: Node } | undefined => {
  for (const resource of resources) {
    const found = node === undefined ? resource.runningOn[0] : resource.runningOn.find((one) => one === node);
    if (found !== undefined) return { resource, node: found };
  }
  return undefined;
};
