import type { MachineAddress, MachineDisk, MachineView, NodeFacts } from '../model/index.ts';
import { takenBecause, wholeDisks } from './disks.ts';
import { told } from './situation.ts';

/** What a set-up has to know of a machine; what could not be looked at is left out, and told as a diagnosis. */
export function machineOf(facts: NodeFacts): MachineView {
  const virtual = told(facts, 'machine')?.virtual;
  const ipv6 = ipv6Of(facts);
  return {
    node: facts.hostName.split('.')[0] ?? '',
    version: facts.version,
    ...(virtual === undefined || virtual === 'none' ? {} : { virtual }),
    addresses: addressesOf(facts),
    ...(ipv6.length === 0 ? {} : { ipv6 }),
    disks: disksOf(facts),
  };
}

const addressesOf = (facts: NodeFacts): readonly MachineAddress[] =>
  (told(facts, 'cards') ?? [])
    .filter(({ isUp }) => isUp)
    .flatMap(({ name: card, speed, addresses }) =>
      addresses.map(({ address, prefix }) => ({
        card,
        address,
        prefix,
        ...(speed === undefined ? {} : { speed }),
      })),
    );

const ipv6Of = (facts: NodeFacts): NonNullable<MachineView['ipv6']> =>
  (told(facts, 'cards') ?? [])
    .filter(({ isUp }) => isUp)
    .flatMap(({ name: card, ipv6 }) => ipv6.map((one) => ({ card, ...one })));

function disksOf(facts: NodeFacts): readonly MachineDisk[] {
  const names = told(facts, 'diskNames') ?? {};
  return wholeDisks(told(facts, 'disks') ?? []).map((disk) => {
    const path = Object.keys(names)
      .filter((name) => names[name] === disk.path)
      .sort(byReadability)[0];
    const taken = takenBecause(disk);
    return {
      ...(path === undefined ? {} : { path }),
      device: disk.path,
      size: disk.size,
      ...(taken === undefined ? {} : { taken }),
    };
  });
}

/** A name with maker and serial number says more to a person than a number of the world. */
const rank = (name: string): number => (/\/(?:wwn-|nvme-eui|dm-|lvm-)/.test(name) ? 1 : 0);

const byReadability = (one: string, other: string): number =>
  rank(one) - rank(other) || one.length - other.length || (one < other ? -1 : 1);
