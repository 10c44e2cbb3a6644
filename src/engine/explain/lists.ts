import type {
  HostFilter,
  HostIntent,
  HostView,
  LunFilter,
  LunIntent,
  LunView,
  Page,
  PageRequest,
  PoolFilter,
  PoolView,
  SnapshotFilter,
  SnapshotView,
  TargetFilter,
  TargetView,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { compareNames } from '../blueprint/part.ts';
import { hostView } from './hosts.ts';
import { poolView } from './pools.ts';
import { snapshotView } from './snapshots.ts';
import { targetView } from './targets.ts';
import { lunView } from './views.ts';

/** What is asked for and nothing behind it: of the rest no view is made. */
function pageOf<Item extends { readonly name: string }, View>(
  items: Readonly<Record<string, Item>>,
  { after, limit }: PageRequest,
  /** Undefined: it is not looked for. */
  view: (item: Item) => View | undefined,
): Page<View> {
  const found: View[] = [];
  let last = '';
  for (const item of Object.values(items).sort((one, other) => compareNames(one.name, other.name))) {
    if (after !== undefined && compareNames(item.name, after) <= 0) continue;
    const seen = view(item);
    if (seen === undefined) continue;
    if (limit !== undefined && found.length >= limit) return { items: found, next: last };
    found.push(seen);
    last = item.name;
  }
  return { items: found };
}

const isCalled = (name: string, wanted: string | undefined): boolean =>
  wanted === undefined || (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted);

const isOr = <Value>(value: Value, wanted: Value | undefined): boolean =>
  wanted === undefined || value === wanted;

export function lunPage(state: EngineState, asked: LunFilter & PageRequest): Page<LunView> {
  const fits = (lun: LunIntent): boolean =>
    isCalled(lun.name, asked.name) &&
    isOr(lun.pool, asked.pool) &&
    isOr(lun.target, asked.target) &&
    isOr(lun.state, asked.state) &&
    (asked.host === undefined || lun.hosts.includes(asked.host));
  return pageOf(state.config.current.luns, asked, (lun) => {
    if (!fits(lun)) return undefined;
    const view = lunView(state, lun);
    return isOr(view.servedBy, asked.servedBy) ? view : undefined;
  });
}

export function hostPage(state: EngineState, asked: HostFilter & PageRequest): Page<HostView> {
  const fits = ({ name, initiators }: HostIntent): boolean =>
    isCalled(name, asked.name) && (asked.initiator === undefined || initiators.includes(asked.initiator));
  return pageOf(state.config.current.hosts, asked, (host) => {
    if (!fits(host)) return undefined;
    const view = hostView(state, host);
    const sees = asked.lun === undefined || view.luns.some(({ name }) => name === asked.lun);
    return sees && isOr(view.loggedIn.length > 0, asked.loggedIn) ? view : undefined;
  });
}

export const snapshotPage = (state: EngineState, asked: SnapshotFilter & PageRequest): Page<SnapshotView> =>
  pageOf(state.config.current.snapshots ?? {}, asked, (snapshot) =>
    isCalled(snapshot.name, asked.name) &&
    isOr(snapshot.lun, asked.lun) &&
    isOr(snapshot.pool, asked.pool) &&
    isOr(snapshot.state, asked.state)
      ? snapshotView(snapshot)
      : undefined,
  );

export const targetPage = (state: EngineState, asked: TargetFilter & PageRequest): Page<TargetView> =>
  pageOf(state.config.current.targets, asked, (target) =>
    isCalled(target.name, asked.name) && isOr(target.pool, asked.pool)
      ? targetView(state, target)
      : undefined,
  );

export const poolPage = (state: EngineState, asked: PoolFilter & PageRequest): Page<PoolView> =>
  pageOf(state.config.current.pools, asked, (pool) =>
    isCalled(pool.name, asked.name) ? poolView(state, pool) : undefined,
  );
