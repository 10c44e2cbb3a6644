import { setTimeout as wait } from 'node:timers/promises';
import type { OperationView, StatusView } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';
import type { San } from './san.ts';

/** The API may be away while a process is replaced, or a node is fenced; milliseconds. */
const FINISHED = 300_000;

/**
 * Asks any node, again and again, until it is done; as a person would who gets no answer. Only for what may be repeated:
 * the same request makes the same thing, and deletes once. A refusal that will not pass is an error at once.
 */
export async function untilDone(
  san: San,
  method: 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  const end = performance.now() + FINISHED;
  const waiting = `${path}${path.includes('?') ? '&' : '?'}wait=10`;
  let last = '';
  while (performance.now() < end) {
    for (const node of storageNodeNames) {
      const answer = await san
        .call(node, method, waiting, body)
        .catch((error: unknown) => ({ status: 0, body: String(error) }));
      if ([200, 201, 204].includes(answer.status)) return answer.body;
      last = `${node} answered ${answer.status}: ${JSON.stringify(answer.body)}`;
      if (answer.status === 400 || answer.status === 404) throw refused(`${method} ${path}`, last);
    }
    await wait(1000);
  }
  throw refused(`${method} ${path}`, last);
}

const refused = (what: string, last: string): LabError =>
  new LabError('command-failed', `${what}: ${last}`, 'See `keelson status` and keelson-api’s log.');

/** What must not be repeated is followed by its operation, on whichever node answers. */
export async function followed(san: San, begun: unknown): Promise<OperationView> {
  const { operation: asked } = begun as { readonly operation?: OperationView };
  if (asked === undefined) throw refused('nothing was begun', JSON.stringify(begun));
  const { id } = asked;
  const end = performance.now() + FINISHED;
  while (performance.now() < end) {
    for (const node of storageNodeNames) {
      const answer = await san.call(node, 'GET', `/operations/${id}`).catch(() => undefined);
      const operation = answer?.status === 200 ? (answer.body as OperationView) : undefined;
      if (operation !== undefined && operation.state !== 'running') return operation;
    }
    await wait(1000);
  }
  throw refused(`operation ${id}`, 'it does not end');
}

/** A LUN is served, and not being rolled back any more. */
export const isBack =
  (name: string) =>
  ({ luns }: StatusView): boolean =>
    luns.some((lun) => lun.name === name && lun.servedBy !== undefined && lun.rollingBackTo === undefined);

/** Of the pool on this node: volumes that LVM knows, and devices that are mapped or suspended. */
export async function volumesOn(
  lab: Lab,
  node: StorageNodeName,
): Promise<{
  readonly known: readonly string[];
  readonly active: readonly string[];
  readonly unfinished: readonly string[];
  readonly suspended: readonly string[];
}> {
  const lines = async (script: string): Promise<readonly string[]> =>
    (await lab.node(node).demand(script))
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const lvs = 'lvs --noheadings --devices /dev/drbd0 --options lv_name';
  return {
    known: await lines(lvs),
    active: await lines(`${lvs} --select lv_active=active`),
    unfinished: await lines(`${lvs},lv_tags | grep keelson_unfinished || true`),
    suspended: await lines(
      `dmsetup info --columns --noheadings --options name,suspended | grep -i ':suspended' || true`,
    ),
  };
}
