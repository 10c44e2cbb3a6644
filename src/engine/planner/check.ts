import { invariant, type Action, type ActionId, type NodeName, type Transition } from '../../model/index.ts';
import type { PlanInput } from './input.ts';
import { readFacts, type Facts } from './facts.ts';
import { isInMaintenance } from './policy.ts';

type Operation = Extract<Action, { kind: 'operation' }>;

/** What must hold for every transition, whatever made it (DESIGN.md section 4, S1 to S5); throws where it does not. */
export function checkTransition(transition: Transition, input: PlanInput): void {
  const facts = readFacts(input);
  const { actions, after } = transition;
  const ids = new Set(actions.map(({ id }) => id));
  invariant(ids.size === actions.length, 'every action has an id of its own');
  checkEdges(transition, ids);
  const fences = actions.filter(({ kind }) => kind === 'fence').map(({ id }) => id);
  const operations = actions.filter((action) => action.kind === 'operation');
  for (const { node, resource, operation } of operations) {
    invariant(input.status.nodes[node]?.state === 'online', 'operations are ordered on online nodes only');
    invariant(!facts.condemned.has(node), 'nothing is ordered on a node that is to be fenced');
    invariant(
      operation === 'monitor' || !facts.isUnmanaged(resource, node),
      'what is not managed, or in maintenance, is left alone',
    );
    if (operation === 'start' || operation === 'promote')
      invariant(!isEmptied(input, node), 'nothing is put on a node that is in standby or leaving');
  }
  for (const action of actions)
    if (action.kind === 'fence' && isInMaintenance(input.config, action.node))
      invariant(
        (input.status.nodes[action.node]?.state ?? 'lost') === 'lost',
        'a node in maintenance is fenced only where it is lost',
      );
  if (!facts.quorate)
    invariant(
      actions.every(
        (action) => action.kind === 'operation' && ['stop', 'demote', 'monitor'].includes(action.operation),
      ),
      'without quorum nothing is started, promoted, made or fenced (S3)',
    );
  for (const node of facts.mayFence ? facts.condemned.keys() : [])
    invariant(ids.has(`fence ${node}`), 'a node that must be fenced is fenced');
  for (const action of operations.filter((each) => waitsForFencing(facts, each))) {
    const before = new Set(after[action.id]);
    invariant(
      fences.every((fence) => before.has(fence)),
      'whatever claims a resource waits for all fencing (S2)',
    );
  }
  checkClaims(facts, transition, operations);
}

const isEmptied = ({ config, status }: PlanInput, node: NodeName): boolean =>
  config.nodes[node]?.standby === true || status.nodes[node]?.leaving !== undefined;

function checkEdges({ actions, after }: Transition, ids: ReadonlySet<ActionId>): void {
  const later = new Map<ActionId, ActionId[]>();
  const open = new Map<ActionId, number>();
  for (const [then, firsts] of Object.entries(after)) {
    invariant(ids.has(then), 'every edge ends at an action');
    open.set(then, firsts.length);
    for (const first of firsts) {
      invariant(ids.has(first), 'every edge begins at an action');
      const known = later.get(first);
      if (known === undefined) later.set(first, [then]);
      else known.push(then);
    }
  }
  const free = actions.map(({ id }) => id).filter((id) => (open.get(id) ?? 0) === 0);
  for (const id of free)
    for (const then of later.get(id) ?? []) {
      const left = (open.get(then) ?? 0) - 1;
      open.set(then, left);
      if (left === 0) free.push(then);
    }
  invariant(free.length === actions.length, 'the actions wait for each other in no circle');
}

/** S1, S4, S5: one claim per resource, and only after every other holder was taken down. */
function checkClaims(facts: Facts, transition: Transition, operations: readonly Operation[]): void {
  const claims = new Map<string, Operation>();
  const ids = new Set(transition.actions.map(({ id }) => id));
  for (const action of operations) {
    const isClone = facts.definition.get(action.resource)?.kind === 'promotable-clone';
    if (action.operation !== (isClone ? 'promote' : 'start')) continue;
    invariant(!claims.has(action.resource), 'a resource is started or promoted on one node only');
    claims.set(action.resource, action);
    if (isClone)
      invariant(
        facts.seen(action.resource, action.node).promotionScore !== undefined,
        'only what is fit is promoted (S4)',
      );
    const before = new Set(transition.after[action.id]);
    for (const node of [...facts.usable, ...facts.untouchable]) {
      if (node === action.node) continue;
      const { state } = facts.seen(action.resource, node);
      if (state === 'stopped' || (isClone && state === 'running')) continue;
      const downs = [`stop ${action.resource} on ${node}`, `demote ${action.resource} on ${node}`];
      const planned = downs.filter((id) => ids.has(id));
      invariant(
        planned.length > 0 && planned.every((id) => before.has(id)),
        'nothing is started or promoted that may be so elsewhere (S1, S5)',
      );
    }
  }
}

/** S2. An instance of a clone that is not promoted does no harm beside one on a lost node. */
function waitsForFencing(facts: Facts, { operation, resource }: Operation): boolean {
  switch (operation) {
    case 'promote':
    case 'create':
    case 'grow':
    case 'remove':
    case 'reconnect':
      return true;
    case 'start':
      return facts.definition.get(resource)?.kind === 'primitive';
    case 'stop':
    case 'demote':
    case 'reload':
    case 'monitor':
      return false;
  }
}
