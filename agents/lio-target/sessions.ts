import type { SessionSeen } from '../../src/model/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import { acl } from '../configfs/places.ts';
import type { Connection, Connections } from './connections.ts';

/** More than any host list needs; a status must not grow without end. */
const MOST = 512;

/** Initiators that are logged in now, and the addresses from which, as far as the kernel shows them. */
type LoggedIn = ReadonlyMap<string, readonly string[]>;

/**
 * The kernel shows one session of each entry, its newest, with the addresses its connections come from
 * (iscsi_target_configfs.c, lio_target_nacl_info_show). An initiator without a session shows none: who is logged in is
 * certain, over how many ways is not.
 */
async function readLoggedIn(
  configfs: Configfs,
  iqn: string,
  initiators: readonly string[],
): Promise<LoggedIn> {
  const infos = await Promise.all(
    initiators.map((initiator) => configfs.read(`${acl(iqn, initiator)}/info`)),
  );
  return new Map(
    initiators.flatMap((initiator, index) => {
      const info = infos[index];
      if (info?.includes('InitiatorName:') !== true) return [];
      const addresses = [...info.matchAll(/^\s*Address (\S+) /gm)].map((match) => match[1] ?? '');
      return [[initiator, addresses] as const];
    }),
  );
}

/**
 * Who is connected, by which ways. A connection belongs to the initiator that the kernel shows with its address; where
 * only one initiator is logged in, all are its. What is left has no initiator's name.
 */
export async function readSessions(
  configfs: Configfs,
  connections: Connections,
  iqn: string,
  initiators: readonly string[],
  portals: readonly string[],
): Promise<readonly SessionSeen[]> {
  const loggedIn = await readLoggedIn(configfs, iqn, initiators);
  if (loggedIn.size === 0) return [];
  const open = (await connections()).filter(({ portal }) => portals.includes(portal));
  const only = loggedIn.size === 1 ? [...loggedIn.keys()][0] : undefined;
  const owner = ({ address }: Connection): string | undefined =>
    only ?? [...loggedIn].find(([, addresses]) => addresses.includes(address))?.[0];
  const seen: SessionSeen[] = open.map((connection) => {
    const initiator = owner(connection);
    return { ...(initiator !== undefined && { initiator }), ...connection };
  });
  // Who is logged in is told even where no connection of his was found.
  for (const [initiator, addresses] of loggedIn)
    if (!seen.some((one) => one.initiator === initiator))
      seen.push({ initiator, ...(addresses[0] !== undefined && { address: addresses[0] }) });
  return seen.toSorted((a, b) => compare(a, b)).slice(0, MOST);
}

const text = ({ initiator = '~', portal = '', address = '' }: SessionSeen): string =>
  [initiator, portal, address].join(' ');

const compare = (a: SessionSeen, b: SessionSeen): number => (text(a) < text(b) ? -1 : 1);
