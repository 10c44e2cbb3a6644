import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';
import { bothCurrent } from './failover.ts';
import { apisAnswer } from './form.ts';
import type { San } from './san.ts';

const SIZE = '16MiB';
/** LUNs that one client keeps at most, so that the pool never fills. */
const KEPT = 4;
const SETTLED = 600_000;

/** What a client was told, by LUN; `undefined`: asked and never answered, so that either is right. */
type Told = Map<string, 'created' | 'deleted' | undefined>;

export interface DoubleCut {
  readonly acknowledged: number;
  readonly wrong: readonly string[];
}

/**
 * Clients on both nodes create and delete LUNs without a pause; after a while both machines lose their power at the
 * same moment. When they are back, every change that was acknowledged must be there.
 */
export async function cutBothWhileChanging(
  lab: Lab,
  san: San,
  round: number,
  after: number,
): Promise<DoubleCut> {
  const told: Told = new Map();
  const ending = new AbortController();
  const clients = storageNodeNames.map((node) =>
    changeWithoutPause(san, node, `cut${round}-${node}`, told, ending.signal),
  );
  await wait(after);
  await Promise.all(storageNodeNames.map((node) => lab.node(node).powerCut()));
  ending.abort();
  await Promise.all(clients);
  await bothCurrent(lab, san);
  await apisAnswer(san);
  const wrong = await compare(san, told);
  for (const name of told.keys()) await san.deleteLun(name);
  const acknowledged = [...told.values()].filter((outcome) => outcome !== undefined).length;
  return { acknowledged, wrong };
}

async function changeWithoutPause(
  san: San,
  node: StorageNodeName,
  prefix: string,
  told: Told,
  signal: AbortSignal,
): Promise<void> {
  const kept: string[] = [];
  const isOver = (): boolean => signal.aborted;
  for (let count = 1; !isOver(); count += 1) {
    const name = `${prefix}-${count}`;
    const oldest = kept.length < KEPT ? undefined : kept.shift();
    if (oldest !== undefined && (await change(san, node, 'DELETE', oldest, signal)))
      told.set(oldest, 'deleted');
    else if (oldest !== undefined) told.set(oldest, undefined);
    if (isOver()) return;
    // Asked for: it may be there from now on, whatever becomes of the answer.
    told.set(name, undefined);
    if (await change(san, node, 'POST', name, signal)) told.set(name, 'created');
    kept.push(name);
  }
}

/** True when the change was acknowledged; what is busy is asked for again. */
async function change(
  san: San,
  node: StorageNodeName,
  method: 'POST' | 'DELETE',
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const path = method === 'POST' ? '/luns' : `/luns/${name}?force=true`;
    const body = method === 'POST' ? { name, size: SIZE } : undefined;
    const answer = await san.call(node, method, path, body).catch(() => undefined);
    if (answer !== undefined && answer.status < 300) return true;
    await wait(200);
  }
  return false;
}

async function compare(san: San, told: Told): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [name, outcome] of told) {
    if (outcome === undefined) continue;
    const { status } = await san.call('san-a', 'GET', `/luns/${name}`);
    if (outcome === 'created' && status !== 200) wrong.push(`${name} was created, and is gone (${status})`);
  }
  const isGone = ([name, outcome]: readonly [string, unknown]) => outcome === 'deleted' && name;
  const deleted = [...told].map(isGone).filter((name) => name !== false);
  await san
    .waitFor('what was deleted is gone, what was created is served', SETTLED, ({ luns }) =>
      luns.every(({ name, servedBy }) => !deleted.includes(name) && servedBy !== undefined),
    )
    .catch((error: unknown) => wrong.push((error as Error).message));
  return wrong;
}
