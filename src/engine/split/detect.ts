import {
  readGenerations,
  relationOf,
  type Command,
  type GenerationsByNode,
  type NodeName,
  type PoolIntent,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { replicates } from '../fencing/replication.ts';
import { factsOf } from '../replacement/progress.ts';

/** By the DC, at every step: pools whose copies have parted, or have met again. */
export const dueOfSplits = (state: EngineState): readonly (readonly [string, Command])[] =>
  Object.values(state.config.current.pools).flatMap((pool) => {
    const command = pool.split === undefined ? foundIn(state, pool) : overIn(state, pool);
    return command === undefined ? [] : [[`${command.kind} ${pool.name}`, command]];
  });

function foundIn(state: EngineState, pool: PoolIntent): Command | undefined {
  const { name, disks } = pool;
  const generations = generationsIn(state, pool);
  const [one = '', other = ''] = Object.keys(disks).sort();
  const relation = relationOf(
    readGenerations(generations?.[one] ?? ''),
    readGenerations(generations?.[other] ?? ''),
  );
  if (pool.state !== 'ready' || generations === undefined) return undefined;
  if (relation !== 'split' && relation !== 'unrelated') return undefined;
  return { kind: 'pool.split', name, relation, generations, primary: serverOf(state, pool) };
}

/** As both kernels tell them, where both are without their peer just now. */
function generationsIn(state: EngineState, { name, disks }: PoolIntent): GenerationsByNode | undefined {
  const told = Object.keys(disks)
    .sort()
    .flatMap((node): [NodeName, string][] => {
      const { generations } = factsOf(state, name, node);
      const isThere = state.status.nodes[node]?.state === 'online';
      return isThere && typeof generations === 'string' ? [[node, generations]] : [];
    });
  return told.length === 2 ? Object.fromEntries(told) : undefined;
}

/** Of two that are Primary, hosts are served by the one that has the volume group; undefined: by none. */
function serverOf(state: EngineState, pool: PoolIntent): NodeName | undefined {
  const primaries = primariesOf(state, pool);
  if (primaries.length < 2) return primaries[0];
  return primaries.find((node) => {
    const seen = state.status.nodes[node]?.instances[`lvm-${pool.name}`]?.observation;
    return seen !== undefined && seen !== 'unknown' && seen.state === 'running';
  });
}

export const primariesOf = (state: EngineState, { name, disks }: PoolIntent): readonly NodeName[] =>
  Object.keys(disks)
    .sort()
    .filter((node) => factsOf(state, name, node)['role'] === 'Primary');

/** Both see the other: whoever has brought that about. */
const overIn = ({ status }: EngineState, { name, disks }: PoolIntent): Command | undefined =>
  Object.keys(disks).every(
    (node) => status.nodes[node]?.state === 'online' && replicates(status.nodes[node], name),
  )
    ? { kind: 'pool.joined', name }
    : undefined;
