import type { NodeName, SessionView } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

/** Who is connected to a target, as the nodes last saw it, with the host that each initiator belongs to. */
export function sessionsOf(
  { status, config }: EngineState,
  target: string,
  initiators?: ReadonlySet<string>,
): readonly SessionView[] {
  const hosts = Object.values(config.current.hosts);
  const hostOf = (initiator: string | undefined) =>
    hosts.find((host) => initiator !== undefined && host.initiators.includes(initiator))?.name;
  return Object.entries(status.nodes).flatMap(([node, { state, instances }]) => {
    const seen = instances[`target-${target}`]?.observation;
    if (state === 'offline' || seen === undefined || seen === 'unknown') return [];
    return (seen.sessions ?? [])
      .filter(({ initiator }) => initiators === undefined || initiators.has(initiator ?? ''))
      .map((session) => {
        const host = hostOf(session.initiator);
        return { ...(host !== undefined && { host }), ...session, target, node };
      });
  });
}

/** Enough of them to know whom to ask. */
const SHOWN = 4;

/** `web (iqn.x, from 10.0.3.7, through 10.0.3.100, on san-a)`, one for each. */
export function inWords(sessions: readonly SessionView[]): string {
  const words = sessions.slice(0, SHOWN).map(({ host, initiator, address, portal, node }) => {
    const ways = [
      initiator ?? 'unknown',
      ...(address === undefined ? [] : [`from ${address}`]),
      ...(portal === undefined ? [] : [`through ${portal}`]),
      `on ${node}`,
    ];
    return `${host ?? 'an unknown host'} (${ways.join(', ')})`;
  });
  const more = sessions.length - words.length;
  return `${words.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Nodes, each once, for a sentence. */
export const nodesIn = (instances: readonly { readonly node: NodeName }[]): string =>
  [...new Set(instances.map(({ node }) => node))].join(' and ');
