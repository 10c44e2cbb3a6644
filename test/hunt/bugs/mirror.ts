import type { PlantedBug } from '../planted-bug.ts';

/** Which of the two disks has the data. */
export const bugsOfMirror: readonly PlantedBug[] = [
  {
    name: 'handler-answers-early',
    why: "DRBD's handler says that the peer was fenced when it was only ordered to be.",
    expected: 'S6',
    edits: [
      {
        file: 'fencing/replication.ts',
        from: "if (current.pools[pool]?.solo !== state.self) return undefined;\n  if (state.status.nodes[target]?.state === 'offline')",
        to: 'if (state.status.nodes[target]?.state !== undefined)',
      },
    ],
  },
  {
    name: 'claim-forgotten',
    why: 'The survivor goes on alone without writing down that only it has the data from now on.',
    expected: 'S6',
    edits: [
      {
        file: 'fencing/replication.ts',
        from: 'if (current.pools[pool]?.solo !== state.self) return undefined;',
        to: 'if (current.pools[pool] === undefined) return undefined;',
      },
      {
        file: 'controller/upkeep.ts',
        from: 'for (const pool of Object.values(draft.state.config.current.pools)) claimAlone(draft, pool);',
        to: 'void claimAlone;',
      },
    ],
  },
  {
    name: 'claim-not-on-disk',
    why: 'The survivor goes on as soon as its claim is in memory, and loses it together with its power.',
    expected: 'S6',
    edits: [
      {
        file: 'fencing/replication.ts',
        from: 'return stored.revision >= current.revision ? 7 : undefined;',
        to: 'return stored.revision >= 0 ? 7 : undefined;',
      },
    ],
  },
  {
    name: 'claim-ignored',
    why: 'The claim of one node is written down, and neither the scheduler nor the handler reads whose it is.',
    expected: 'S6',
    edits: [
      {
        file: 'blueprint/pool.ts',
        from: '.filter((node) => node !== solo)',
        to: '.filter((node) => node !== solo && solo === "")',
      },
      {
        file: 'fencing/replication.ts',
        from: 'if (current.pools[pool]?.solo !== state.self) return undefined;',
        to: 'if (current.pools[pool]?.solo === undefined) return undefined;',
      },
    ],
  },
  {
    name: 'reunited-too-early',
    why: 'The claim is dropped when the survivor is well, and not when the other disk has caught up.',
    expected: 'S6',
    edits: [
      {
        file: 'replacement/progress.ts',
        from: 'pools[pool]?.disks ?? {}).every(',
        to: 'pools[pool]?.disks ?? {}).some(',
      },
      {
        file: 'replacement/progress.ts',
        from: "hasCurrent(state, pool, node) && factsOf(state, pool, node)['connection'] === 'Connected',",
        to: 'hasCurrent(state, pool, node),',
      },
    ],
  },
  {
    name: 'any-data-will-do',
    why: 'Data that are only consistent are served while the node with the newer ones is merely away for a moment.',
    expected: 'S6',
    edits: [
      {
        file: 'planner/fitness.ts',
        from: '(promotionScore ?? 0) >= CERTAIN',
        to: '(promotionScore ?? 0) > 0',
      },
    ],
  },
  {
    name: 'claim-never-dropped',
    why: 'The claim of one node is never taken back, and when that node dies the other one waits for it for ever.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/upkeep.ts',
        from: 'if (pool.solo === undefined || waitsToGoOnAlone(draft, pool)) return [];',
        to: "if (pool.solo === undefined || waitsToGoOnAlone(draft, pool) || pool.name !== '') return [];",
      },
    ],
  },
  {
    name: 'claim-of-the-first',
    why: 'The claim always names the first node of the pool, which it was in every test.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/upkeep.ts',
        from: "{ kind: 'pool.solo', name: pool.name, node: state.self });",
        to: "{ kind: 'pool.solo', name: pool.name, node: Object.keys(pool.disks).sort()[0] });",
      },
    ],
  },
];
