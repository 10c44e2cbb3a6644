import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { failed, failure, success, type Result } from '../model/index.ts';
import type { Run } from './processes/run.ts';

type Cards = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Requests that are sent, and seconds that answers are waited for. */
const ASKED = 3;
const PATIENCE = 3;

/**
 * Whether an address can become a portal on this node: it is in a network that the node has a fixed address in, with the
 * same prefix length (`portal_unfit`), and nobody in that network answers to it (`address_taken`).
 */
export async function checkPortal(
  address: string,
  prefix: number,
  run: Run,
  cards: Cards = networkInterfaces(),
): Promise<Result<void>> {
  const own = Object.entries(cards).flatMap(([card, entries = []]) =>
    entries.filter(({ family }) => family === 'IPv4').map((entry) => ({ card, ...entry })),
  );
  const mine = own.find((entry) => entry.address === address);
  if (mine !== undefined)
    return failed(failure('address_taken', `${address} is on ${mine.card} of this node already`));
  const neighbour = own.find(
    (entry) => isIn(address, entry.address, prefixOf(entry.cidr)) && !entry.internal,
  );
  if (neighbour === undefined)
    return failed(failure('portal_unfit', `no card of this node has an address in the subnet of ${address}`));
  if (prefixOf(neighbour.cidr) !== prefix)
    return failed(
      failure(
        'portal_unfit',
        `${neighbour.card} has ${neighbour.address}/${prefixOf(neighbour.cidr)}, so ${address}/${prefix} does not fit`,
      ),
    );
  return askNetwork(address, neighbour.card, run);
}

/** RFC 5227: asked from 0.0.0.0, so that nobody learns a wrong owner by the question. */
async function askNetwork(address: string, card: string, run: Run): Promise<Result<void>> {
  const words = ['-D', '-q', '-c', String(ASKED), '-w', String(PATIENCE), '-I', card, address];
  const asked = await run('arping', words);
  if (!asked.ok) return asked;
  const { exitCode, stderr } = asked.value;
  // iputils' arping: 0 nobody has answered, 1 somebody has.
  if (exitCode === 0) return success(undefined);
  return exitCode === 1
    ? failed(failure('address_taken', `a machine in the network of ${card} answers to ${address}`))
    : failed(failure('command_failed', `arping ended with ${exitCode}: ${stderr.trim().slice(0, 300)}`));
}

const prefixOf = (cidr: string | null): number => Number(cidr?.split('/')[1] ?? 32);

const numberOf = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

function isIn(address: string, other: string, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(other) / size);
}
