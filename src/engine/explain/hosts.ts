import type { HostIntent, HostView } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

/** A host as people may see it: its secrets are left out. */
export function hostView(state: EngineState, { name, initiators, chap, mutualChap }: HostIntent): HostView {
  const here = loggedIn(state);
  return {
    name,
    initiators,
    ...(chap && { chap: { username: chap.username } }),
    ...(mutualChap && { mutualChap: { username: mutualChap.username } }),
    luns: Object.values(state.config.current.luns)
      .filter(({ hosts }) => hosts.includes(name))
      .map((lun) => ({
        name: lun.name,
        number: lun.number,
        readOnly: lun.readOnlyHosts?.includes(name) === true,
      })),
    loggedIn: initiators.filter((initiator) => here.has(initiator)),
  };
}

/** By the fact `initiators` of every target that runs. */
function loggedIn({ status, config }: EngineState): ReadonlySet<string> {
  const targets = Object.keys(config.current.targets).map((name) => `target-${name}`);
  return new Set(
    Object.values(status.nodes).flatMap(({ instances }) =>
      targets.flatMap((target) => {
        const seen = instances[target]?.observation;
        if (seen === undefined || seen === 'unknown' || seen.state !== 'running') return [];
        return String(seen.facts?.['initiators'] ?? '').split(',');
      }),
    ),
  );
}
