import { networkInterfaces } from 'node:os';
import {
  failed,
  failure,
  isIpv6,
  isSameSubnet,
  success,
  type Observation,
  type Result,
} from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { readIfThere } from '../kernel-files.ts';
import { operation } from '../operation.ts';
import { announce } from './announce.ts';
import { connectionsTo } from './connections.ts';
import { readAddresses, type InterfaceAddress } from './interfaces.ts';
import { readIpv6Addresses } from './ipv6-addresses.ts';
import { changeAddress, movingWords } from './netlink.ts';
import { addressParameters, type AddressParameters } from './parameters.ts';

/** Addresses on interfaces that have a link, as the kernel lists them to a process: no fork. */
function linkedAddresses(): readonly InterfaceAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, entries]) =>
    (entries ?? []).flatMap(({ address, cidr }) =>
      cidr !== null ? [{ interfaceName, address, prefix: Number(cidr.split('/')[1]) }] : [],
    ),
  );
}

const linkState = async (interfaceName: string): Promise<string> =>
  (await readIfThere(`/sys/class/net/${interfaceName}/operstate`)) ?? 'unknown';

/** The interface that the address belongs on: the one with another address of its subnet. */
export function findInterface(
  { address, prefix }: AddressParameters,
  addresses: readonly InterfaceAddress[],
): string | undefined {
  const neighbour = addresses.find(
    (candidate) => candidate.address !== address && isSameSubnet(candidate.address, address, prefix),
  );
  return neighbour?.interfaceName;
}

async function observe(
  { address, prefix }: AddressParameters,
  found: InterfaceAddress | undefined,
): Promise<Observation> {
  if (found === undefined) return { state: 'stopped' };
  const link = await linkState(found.interfaceName);
  const connections = await connectionsTo(address);
  const facts = { interface: found.interfaceName, link, connections };
  const broken = (message: string): Observation => ({
    state: 'failed',
    facts,
    problem: failure('agent_failed', `address ${address} ${message}`),
  });
  if (found.prefix !== prefix) return broken(`has the prefix length ${found.prefix} instead of ${prefix}`);
  if (found.refused === true)
    return broken(
      `is not used by the kernel: another machine in the network of ${found.interfaceName} has it`,
    );
  if (link !== 'up' && link !== 'unknown')
    return broken(`is on ${found.interfaceName}, whose link is ${link}`);
  return { state: 'running', facts };
}

/** Where the kernel keeps its own addresses, those on interfaces without a link too, but for such as are down. */
async function hasRoute(address: string): Promise<boolean> {
  const routes = (await readIfThere('/proc/net/fib_trie')) ?? address;
  return routes.split(/\s+/).includes(address);
}

/**
 * Where the address is. Of IPv6 addresses the kernel lists all. Of IPv4, only where no interface with a link has it, `ip`
 * is asked about the others; with `route` only where the kernel takes the address for its own.
 */
async function locate(
  { address }: AddressParameters,
  context: AgentContext,
  knows?: 'route',
): Promise<Result<InterfaceAddress | undefined>> {
  const isIt = (candidate: InterfaceAddress): boolean => candidate.address === address;
  if (isIpv6(address)) return success((await readIpv6Addresses()).find(isIt));
  const linked = linkedAddresses().find(isIt);
  if (linked !== undefined) return success(linked);
  if (knows === 'route' && !(await hasRoute(address))) return success(undefined);
  const all = await readAddresses(context);
  return all.ok ? success(all.value.find(isIt)) : all;
}

async function monitor(parameters: AddressParameters, context: AgentContext): Promise<Result<Observation>> {
  const found = await locate(parameters, context);
  return found.ok ? success(await observe(parameters, found.value)) : found;
}

/** By the kernel's own interface; where that cannot be had, by `ip`. */
async function change(
  verb: 'add' | 'delete',
  wanted: InterfaceAddress,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { address, prefix, interfaceName } = wanted;
  const index = await readIfThere(`/sys/class/net/${interfaceName}/ifindex`);
  if (index !== undefined)
    try {
      await changeAddress(verb, wanted, Number(index));
      return success(undefined);
    } catch (error) {
      context.log(`${verb} ${address}: ${String(error)}; by ip then`);
    }
  const manner = verb === 'add' ? movingWords(address) : [];
  const args = ['address', verb, `${address}/${prefix}`, 'dev', interfaceName, ...manner];
  const ran = await runSuccessfully(context, 'ip', args);
  return ran.ok ? success(undefined) : ran;
}

async function stop(parameters: AddressParameters, context: AgentContext): Promise<Result<Observation>> {
  const found = await locate(parameters, context);
  if (!found.ok) return found;
  if (found.value !== undefined) {
    const deleted = await change('delete', found.value, context);
    if (!deleted.ok) return deleted;
  }
  return monitor(parameters, context);
}

async function start(parameters: AddressParameters, context: AgentContext): Promise<Result<Observation>> {
  const { address, prefix } = parameters;
  const found = await locate(parameters, context, 'route');
  if (!found.ok) return found;
  const addresses = linkedAddresses();
  const interfaceName = findInterface(parameters, addresses);
  if (interfaceName === undefined) {
    const what = `no interface with a link has another address in the subnet of ${address}/${prefix}`;
    return failed(failure('address_no_link', what));
  }
  const before = found.value;
  const isThere =
    before?.prefix === prefix && before.interfaceName === interfaceName && before.refused !== true;
  if (before !== undefined && !isThere) {
    const deleted = await change('delete', before, context);
    if (!deleted.ok) return deleted;
  }
  if (!isThere) {
    const added = await change('add', { interfaceName, address, prefix }, context);
    if (!added.ok) return added;
  }
  // Also where the address was there already: the start before may have been interrupted here.
  await announce(interfaceName, address, context);
  return monitor(parameters, context);
}

export function createAddressAgent(): Agent {
  return {
    name: 'address',
    monitor: operation(addressParameters, monitor),
    start: operation(addressParameters, start),
    stop: operation(addressParameters, stop),
  };
}
