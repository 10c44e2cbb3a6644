import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { failed, failure, isIpv6, isSameSubnet, success, type Result } from '../model/index.ts';
import { askNeighbours } from './neighbours.ts';
import type { Run } from './processes/run.ts';

type Cards = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Requests that are sent, and seconds that answers are waited for. */
const ASKED = 3;
const PATIENCE = 3;

/** How a network is asked who has an address. */
export interface Questions {
  readonly run: Run;
  /** Of IPv6: the cards that answer. */
  readonly neighbours?: typeof askNeighbours;
}

/**
 * Whether an address can become a portal on this node: it is in a network that the node has a fixed address in, with the
 * same prefix length (`portal_unfit`), and nobody in that network answers to it (`address_taken`).
 */
export async function checkPortal(
  address: string,
  prefix: number,
  questions: Questions,
  cards: Cards = networkInterfaces(),
): Promise<Result<void>> {
  const family = isIpv6(address) ? 'IPv6' : 'IPv4';
  const own = Object.entries(cards).flatMap(([card, entries = []]) =>
    entries
      .filter((entry) => entry.family === family)
      .map((entry) => ({ card, ...entry, prefix: prefixOf(entry.cidr) })),
  );
  const mine = own.find((entry) => entry.address === address);
  if (mine !== undefined)
    return failed(failure('address_taken', `${address} is on ${mine.card} of this node already`));
  const around = own.filter((entry) => isSameSubnet(address, entry.address, entry.prefix) && !entry.internal);
  const [nearest] = around;
  if (nearest === undefined)
    return failed(failure('portal_unfit', `no card of this node has an address in the subnet of ${address}`));
  // A card may have several IPv6 addresses, of which one fits.
  const neighbour = around.find((entry) => entry.prefix === prefix);
  if (neighbour === undefined)
    return failed(
      failure(
        'portal_unfit',
        `${nearest.card} has ${nearest.address}/${nearest.prefix}, so ${address}/${prefix} does not fit`,
      ),
    );
  return family === 'IPv6'
    ? askIpv6(address, neighbour.card, questions)
    : askIpv4(address, neighbour.card, questions);
}

/** RFC 5227: asked from 0.0.0.0, so that nobody learns a wrong owner by the question. */
async function askIpv4(address: string, card: string, { run }: Questions): Promise<Result<void>> {
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

async function askIpv6(
  address: string,
  card: string,
  { neighbours = askNeighbours }: Questions,
): Promise<Result<void>> {
  try {
    const [owner] = await neighbours(card, address);
    return owner === undefined
      ? success(undefined)
      : failed(
          failure('address_taken', `a machine in the network of ${card}, ${owner}, answers to ${address}`),
        );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(failure('command_failed', `the network of ${card} cannot be asked for ${address}: ${why}`));
  }
}

const prefixOf = (cidr: string | null): number => Number(cidr?.split('/')[1] ?? 32);
