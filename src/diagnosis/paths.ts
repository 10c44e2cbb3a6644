import type { ClusterConfig, NodeFacts, PathFacts } from '../model/index.ts';
import { told, type Found } from './situation.ts';

/** Packets of a hundred that may be lost before anything is said: a switch that has just learnt an address drops one. */
const TOLERATED_LOSS = 5;
/** Milliseconds; multiplied by the cluster’s patience. */
const SLOW = 5;

/** What this node sees of the ways to the others. Each way is seen from both ends. */
export function pathFindings(facts: NodeFacts, config: ClusterConfig | undefined): readonly Found[] {
  const patience = config?.properties.patience ?? 2;
  return (told(facts, 'paths') ?? []).flatMap((path) => findingsOf(path, patience));
}

function findingsOf(path: PathFacts, patience: number): readonly Found[] {
  const { network, peer, from, to, sent, received, average, mtu, passes } = path;
  const way = `${network} to ${peer} (${from === undefined ? '' : `${from} to `}${to})`;
  if (received === 0)
    return path.answersOtherwise === true ? [] : [['network_unreachable', `${way}: no answer`]];
  const found: Found[] = [];
  const loss = Math.round(((sent - received) * 100) / sent);
  if (loss > TOLERATED_LOSS)
    found.push(['network_loss', `${way}: ${sent - received} of ${sent} packets are lost (${loss} %)`]);
  if (average !== undefined && average > SLOW * patience)
    found.push(['network_slow', `${way}: an answer takes ${Math.round(average)} ms`]);
  if (passes === false && loss < 50)
    found.push([
      'mtu_not_passed',
      `${way}: packets of ${mtu ?? 0} bytes do not arrive, and the card sends such`,
    ]);
  return found;
}
