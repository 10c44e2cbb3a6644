import type { StatusView } from '../../../src/model/index.ts';
import type { EngineNode } from './engine-node.ts';
import type { JournalEntry } from './journal.ts';
import { holders } from './judge.ts';

/** The first thing that is not as it should be; undefined where all is well. */
export async function missingToWell(
  nodes: readonly EngineNode[],
  statusOf: (node: EngineNode) => Promise<StatusView | undefined>,
  journal: () => readonly JournalEntry[],
): Promise<string | undefined> {
  const views: StatusView[] = [];
  for (const node of nodes) {
    const view = await statusOf(node);
    if (view === undefined) return `${node.name} does not answer`;
    const missing = missingOn(view);
    if (missing !== undefined) return `${node.name}: ${missing}`;
    views.push(view);
  }
  const [first] = views;
  if (first === undefined) return 'there are no nodes';
  for (const view of views) {
    if (view.revision !== first.revision) return `revisions ${view.revision} and ${first.revision}`;
    if (view.controller !== first.controller) return 'two controllers';
  }
  return (await differenceOnDisks(nodes, first.revision)) ?? missingInService(first, journal());
}

function missingOn(view: StatusView): string | undefined {
  if (!view.synchronised) return 'it is not synchronised';
  const [problem] = view.problems.filter(({ severity }) => severity !== 'attention');
  if (problem !== undefined) return problem.message;
  if (!view.quorate || !view.serving || !view.survivesFailure) return 'it is not serving in full';
  const absent = view.nodes.find(({ state }) => state !== 'online');
  if (absent !== undefined) return `${absent.name} is ${absent.state}`;
  const [blocked] = view.blocked;
  if (blocked !== undefined) return blocked.reason;
  const busy = view.luns.find(({ state }) => state !== 'ready');
  if (busy !== undefined) return `LUN ${busy.name} is ${busy.state}`;
  return view.pools.find(({ state }) => state !== 'ready') === undefined ? undefined : 'the pool is new';
}

async function differenceOnDisks(
  nodes: readonly EngineNode[],
  revision: number,
): Promise<string | undefined> {
  const disks = await Promise.all(nodes.map((node) => node.stored()));
  const hashes = new Set(disks.map(({ hash }) => hash));
  const revisions = disks.map(({ config }) => config.revision);
  return hashes.size === 1 && revisions.every((each) => each === revision)
    ? undefined
    : `on the disks are revisions ${revisions.join(', ')} with ${hashes.size} hashes`;
}

/** The engines' word is compared with what really runs. */
function missingInService({ pools, luns }: StatusView, entries: readonly JournalEntry[]): string | undefined {
  const now = holders(entries);
  const primary = pools[0]?.primary;
  const stray = [...now].find(([, node]) => node !== primary);
  if (stray !== undefined) return `${stray[0]} is on ${stray[1]}, and the pool on ${String(primary)}`;
  const wanted = ['promoted data', 'volume group keelson_data', 'address 10.0.3.100', 'address 10.0.4.100'];
  const missing = [...wanted, ...luns.map(({ name }) => `LUN ${name}`)].find((claim) => !now.has(claim));
  if (missing !== undefined) return `${missing} is nowhere`;
  const extra = [...now.keys()].find(
    (claim) => claim.startsWith('LUN ') && !luns.some(({ name }) => claim === `LUN ${name}`),
  );
  return extra === undefined ? undefined : `${extra} is still there`;
}
