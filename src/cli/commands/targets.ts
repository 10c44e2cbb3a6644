import { formatSize } from '../../api/schemas/size.ts';
import type { PoolView, PortalView, SplitView, TargetView } from '../../model/index.ts';
import { inUtc } from '../../model/time-of-day.ts';
import { usage } from '../failures.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';

const targetAt = (name: string): string => `/targets/${encodeURIComponent(name)}`;
const portalAt = (target: string, address: string): string =>
  `${targetAt(target)}/portals/${encodeURIComponent(address)}`;

interface Filters {
  readonly name?: string;
  readonly pool?: string;
}

export async function listTargets(session: Session, { name, pool }: Filters): Promise<void> {
  const client = await session.client();
  const targets = await client.all<TargetView>('/targets', { name, pool });
  if (session.json) {
    printJson(session.output, targets);
    return;
  }
  const rows = targets.map((target) => [
    target.name,
    target.pool,
    target.servedBy ?? '-',
    String(target.luns),
    target.portals.map(({ address }) => address).join(','),
    target.iqn,
  ]);
  session.output.print(table(['TARGET', 'POOL', 'SERVED BY', 'LUNS', 'PORTALS', 'IQN'], rows));
}

export async function showTarget(session: Session, name: string): Promise<void> {
  const client = await session.client();
  tell(session, (await client.ask({ method: 'GET', path: targetAt(name) })).body as TargetView);
}

export async function addPortal(session: Session, target: string, portal: string): Promise<void> {
  const [, address, prefix] = /^([^/]+)\/(\d{1,3})$/.exec(portal) ?? [];
  if (address === undefined)
    throw usage(
      `a portal is an address with its prefix length, such as 10.0.3.101/24 or 2001:db8:5::10/64, not ${portal}`,
    );
  const client = await session.client();
  const body = { prefix: Number(prefix) };
  const answer = await client.ask({ method: 'PUT', path: portalAt(target, address), body });
  tell(session, answer.body as TargetView);
}

export async function removePortal(
  session: Session,
  target: string,
  address: string,
  force: boolean,
): Promise<void> {
  const client = await session.client();
  const path = `${portalAt(target, address)}${force ? '?force=true' : ''}`;
  const { body } = await client.ask({ method: 'DELETE', path });
  if (body === undefined) {
    if (!session.json) session.output.print(`There is no target ${target}; nothing to do.`);
    return;
  }
  tell(session, body as TargetView);
}

const inWords = ({ address, prefix, state, connections }: PortalView): string =>
  `${address}/${prefix}, ${state}, ${connections} connections`;

function tell(session: Session, target: TargetView): void {
  if (session.json) {
    printJson(session.output, target);
    return;
  }
  const several = (what: string, values: readonly string[]): readonly (readonly string[])[] =>
    values.map((value, index) => [index === 0 ? what : '', value]);
  session.output.print(
    table(
      ['TARGET', target.name],
      [
        ['iqn', target.iqn],
        ['pool', target.pool],
        ['served by', target.servedBy ?? '-'],
        ['LUNs', String(target.luns)],
        ...several('portals', target.portals.map(inWords)),
        ...several('logged in', target.initiators),
      ],
    ),
  );
}

const sizeOf = (size: number | undefined): string => (size === undefined ? '-' : formatSize(size));

const copiesOf = ({ disks }: PoolView): string =>
  Object.entries(disks)
    .map(([node, disk]) => `${node}: ${disk}`)
    .join(', ');

const thinRows = ({ thin }: PoolView): readonly (readonly string[])[] =>
  thin === undefined
    ? []
    : [
        ['thin LUNs share', `${formatSize(thin.size)}, at most ${formatSize(thin.reachable)}`],
        ['', `${thin.usedPercent} % of that used, ${thin.metadataPercent} % of its metadata: ${thin.state}`],
        ['', `${formatSize(thin.provisioned)} promised`],
      ];

const splitOf = (pool: string, { since }: SplitView): string =>
  `since ${inUtc(since)}; see \`keelson pool recover ${pool}\``;

export async function listPools(session: Session, { name }: Filters): Promise<void> {
  const client = await session.client();
  const pools = await client.all<PoolView>('/pools', { name });
  if (session.json) {
    printJson(session.output, pools);
    return;
  }
  const rows = pools.map((pool) => [
    pool.name,
    pool.state,
    sizeOf(pool.size),
    sizeOf(pool.free),
    pool.primary ?? '-',
    pool.preferredNode ?? '-',
    copiesOf(pool),
  ]);
  session.output.print(table(['POOL', 'STATE', 'SIZE', 'FREE', 'SERVED BY', 'PREFERRED', 'COPIES'], rows));
}

export async function showPool(session: Session, name: string): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: `/pools/${encodeURIComponent(name)}` });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const pool = body as PoolView;
  session.output.print(
    table(
      ['POOL', pool.name],
      [
        ['state', pool.state],
        ['size', sizeOf(pool.size)],
        ['free', sizeOf(pool.free)],
        ...thinRows(pool),
        ['served by', pool.primary ?? '-'],
        ['preferred node', pool.preferredNode ?? '-'],
        ['copies', copiesOf(pool)],
        ...(pool.split === undefined ? [] : [['split', splitOf(pool.name, pool.split)]]),
      ],
    ),
  );
}
