import type { PortalView, Portal, TargetIntent, TargetView } from '../../model/index.ts';
import { addressOf, targetOf } from '../blueprint/part.ts';
import type { EngineState } from '../controller/state.ts';
import { runningOn } from './running.ts';

export function targetView(state: EngineState, { name, iqn, pool, portals }: TargetIntent): TargetView {
  const servedBy = runningOn(state, targetOf(name), 'running');
  const luns = Object.values(state.config.current.luns).filter(({ target }) => target === name).length;
  const initiators = String(factOf(state, servedBy, targetOf(name), 'initiators') ?? '');
  return {
    name,
    iqn,
    pool,
    portals: portals.map((portal) => portalView(state, name, portal)),
    luns,
    servedBy,
    initiators: initiators === '' ? [] : initiators.split(','),
  };
}

function portalView(state: EngineState, target: string, portal: Portal): PortalView {
  const resource = addressOf(target, portal.name);
  const node = runningOn(state, resource, 'running');
  return {
    address: portal.address,
    prefix: portal.prefix,
    state: portal.removing === true ? 'removing' : node === undefined ? 'inactive' : 'active',
    connections: Number(factOf(state, node, resource, 'connections') ?? 0),
  };
}

function factOf(
  { status }: EngineState,
  node: string | undefined,
  resource: string,
  fact: string,
): string | number | undefined {
  const seen = node === undefined ? undefined : status.nodes[node]?.instances[resource]?.observation;
  return seen === undefined || seen === 'unknown' ? undefined : seen.facts?.[fact];
}
