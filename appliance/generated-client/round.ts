import type { HostView, LunView, OperationView, SnapshotView } from '../../src/model/index.ts';
import type { Call, GeneratedClient } from './generate.ts';

const NAME = 'generated';
const SNAPSHOT = `${NAME}@first`;
const COPY = 'generated-copy';
const INITIATOR = 'iqn.2026-11.com.example:generated';
const MIB = 2 ** 20;
/** Of an operation. */
const POLLS = 60;

interface Begun {
  readonly lun: LunView;
  readonly operation?: OperationView;
}

const demand = <Item>(isSo: boolean, item: Item, what: string): Item => {
  if (!isSo) throw new Error(`${what}: ${JSON.stringify(item)}`);
  return item;
};

/** Calls an operation by its id; what it answers, or an error with the problem that it was refused with. */
async function ask<Answer>(client: GeneratedClient, id: string, call: Call): Promise<Answer> {
  const operation = client[id];
  if (operation === undefined) throw new Error(`the generated client has no ${id}`);
  const { data, error } = await operation(call);
  if (error !== undefined) throw new Error(`${id} was refused: ${JSON.stringify(error)}`);
  return data as Answer;
}

async function ended(
  client: GeneratedClient,
  operation: OperationView | undefined,
  query: { readonly wait: number },
): Promise<void> {
  let last = operation;
  for (let poll = 0; poll < POLLS && last?.state === 'running'; poll += 1)
    last = await ask<OperationView>(client, 'showOperation', { path: { id: last.id }, query });
  demand(last === undefined || last.state === 'succeeded', last, 'an operation did not succeed');
}

const path = { name: NAME };
const mapping = { ...path, host: NAME };

/** Takes a snapshot of the LUN, makes a LUN of that, and deletes both again. */
async function snapshotAndClone(client: GeneratedClient, query: { readonly wait: number }): Promise<void> {
  const call = async (id: string, asked: Call): Promise<Partial<Begun> | undefined> => {
    const begun = await ask<Partial<Begun> | undefined>(client, id, { ...asked, query });
    await ended(client, begun?.operation, query);
    return begun;
  };
  await call('createSnapshot', { body: { name: SNAPSHOT } });
  const taken = await ask<SnapshotView>(client, 'showSnapshot', { path: { name: SNAPSHOT } });
  demand(taken.lun === NAME && taken.state === 'ready', taken, 'the snapshot is not ready');
  const copied = await call('cloneLun', { body: { name: COPY, from: SNAPSHOT, hosts: [] } });
  demand(copied?.lun?.size === taken.size, copied, 'the clone has another size than the snapshot');
  await call('deleteLun', { path: { name: COPY } });
  await call('deleteSnapshot', { path: { name: SNAPSHOT } });
}

/**
 * Makes a host and a thin LUN, shows and hides the LUN, grows it, takes a snapshot of it, makes a LUN of that, and
 * deletes all; throws at what is not as was asked for. Each request waits for an operation so many seconds.
 */
export async function leadRound(client: GeneratedClient, query = { wait: 30 }): Promise<void> {
  const host = await ask<HostView>(client, 'createHost', { body: { name: NAME, initiators: [INITIATOR] } });
  demand(host.initiators.join() === INITIATOR, host, 'the host has other initiators');
  const wanted = { name: NAME, size: '32MiB', thin: true, hosts: [] };
  const made = await ask<Begun>(client, 'createLun', { body: wanted, query });
  await ended(client, made.operation, query);
  await ask(client, 'mapLun', { path: mapping, body: { readOnly: true } });
  const grown = await ask<Begun>(client, 'growLun', {
    path,
    body: { size: '48MiB' },
    query,
  });
  await ended(client, grown.operation, query);
  const lun = await ask<LunView>(client, 'showLun', { path });
  demand(lun.size === 48 * MIB, lun, 'the LUN has another size');
  demand(lun.serial === made.lun.serial, lun, 'the LUN has another serial than when it was made');
  demand(lun.readOnlyHosts?.join() === NAME, lun, 'the host sees the LUN otherwise');
  const seen = await ask<readonly LunView[]>(client, 'listLuns', { query: { host: NAME } });
  demand(seen.map(({ name }) => name).join() === NAME, seen, 'the host sees other LUNs');
  await ask(client, 'unmapLun', { path: mapping });
  await snapshotAndClone(client, query);
  const deleted = await ask<Partial<Begun> | undefined>(client, 'deleteLun', { path, query });
  await ended(client, deleted?.operation, query);
  await ask(client, 'deleteHost', { path });
  const gone = await client['showLun']?.({ path });
  demand((gone?.error as { readonly code?: string }).code === 'lun_not_found', gone?.error, 'not gone');
}
