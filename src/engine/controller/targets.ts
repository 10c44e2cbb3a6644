import {
  failed,
  failure,
  success,
  type Command,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { addressOf } from '../blueprint/part.ts';
import { targetMissing, targetOf } from '../config/index.ts';
import { poolPage, poolView, targetPage, targetView } from '../explain/index.ts';
import { reply } from './draft.ts';
import type { Draft, EngineState } from './state.ts';
import { submit } from './submit.ts';
import { taggedPage, withEtag } from './terms.ts';

/** What is asked of pools, of targets and their portals. */
export const showTargets = (draft: Draft, id: number, asked: RequestOf<'targets'>): void =>
  reply(draft, id, success(taggedPage(draft, 'targets', targetPage(draft.state, asked))));

export const showTarget = (draft: Draft, id: number, { name }: RequestOf<'target'>): void =>
  reply(draft, id, findTarget(draft, name));

export const showPools = (draft: Draft, id: number, asked: RequestOf<'pools'>): void =>
  reply(draft, id, success(taggedPage(draft, 'pools', poolPage(draft.state, asked))));

export function showPool(draft: Draft, id: number, { name }: RequestOf<'pool'>): void {
  const { pools } = draft.state.config.current;
  const pool = Object.hasOwn(pools, name) ? pools[name] : undefined;
  reply(
    draft,
    id,
    pool === undefined
      ? failed(failure('pool_not_found', `there is no pool ${name}`))
      : success(withEtag(draft, 'pools', poolView(draft.state, pool))),
  );
}

export const addPortal = (draft: Draft, id: number, asked: RequestOf<'portal.add'>): void => {
  const { name, address, prefix } = asked;
  submit(draft, id, 'portal.add', name, { kind: 'portal.add', name, portal: { address, prefix } });
};

export function removePortal(draft: Draft, id: number, asked: RequestOf<'portal.remove'>): void {
  const { name, address, force } = asked;
  const { state } = draft;
  const target = targetOf(state.config.current, name);
  if (target === undefined) return reply(draft, id, success({ target: undefined }));
  const portal = targetView(state, target).portals.find((one) => one.address === address);
  if (force !== true && portal !== undefined && portal.connections > 0)
    return reply(
      draft,
      id,
      failed(
        failure(
          'portal_in_use',
          `${portal.connections} connections of hosts end at ${address} of target ${name}`,
        ),
      ),
    );
  submit(draft, id, 'portal.remove', name, { kind: 'portal.remove', name, address });
}

/** As things are now that the change is on all disks; undefined: it was about something else. */
export function changedTarget(draft: Draft, kind: RequestKind, name: string): Result<unknown> | undefined {
  if (kind === 'portal.add') return findTarget(draft, name);
  if (kind !== 'portal.remove') return undefined;
  const found = findTarget(draft, name);
  return success({ target: found.ok ? found.value : undefined });
}

function findTarget(draft: Draft, name: string): Result<ReplyOf<'target'>> {
  const target = targetOf(draft.state.config.current, name);
  return target === undefined
    ? failed(targetMissing(name))
    : success(withEtag(draft, 'targets', targetView(draft.state, target)));
}

/** By the DC: portals that are to go, and that no node has any more. */
export const dueOfPortals = (state: EngineState): readonly (readonly [string, Command])[] =>
  Object.values(state.config.current.targets).flatMap(({ name, portals }) =>
    portals
      .filter((portal) => portal.removing === true && isGone(state, addressOf(name, portal.name)))
      .map(
        ({ address }) =>
          [`remove ${address} of ${name}`, { kind: 'portal.removed', name, address } as const] as const,
      ),
  );

/** A node that is off has none; of one that is lost, nobody knows. */
const isGone = ({ status }: EngineState, resource: string): boolean =>
  Object.values(status.nodes).every(({ state, instances }) => {
    if (state === 'offline') return true;
    const seen = instances[resource]?.observation;
    return state === 'online' && seen !== undefined && seen !== 'unknown' && seen.state === 'stopped';
  });
