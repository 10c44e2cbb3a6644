import type { Machine } from '../machine.ts';
import { ANY_LIE, Violation } from '../violation.ts';

/** S1, S2 and S5: what may be on one node only is on one node only. */
export function checkExclusive([a, b]: readonly [Machine, Machine]): void {
  if (a.kernel.replica.isPrimary && b.kernel.replica.isPrimary)
    throw new Violation('S1', 'DRBD is Primary on both nodes', ANY_LIE);
  for (const lun of a.kernel.luns.keys())
    if (b.kernel.luns.has(lun)) throw new Violation('S5', `LUN ${lun} is exported by both nodes`, ANY_LIE);
  for (const address of a.kernel.addresses)
    if (b.kernel.addresses.has(address))
      throw new Violation('S2', `both nodes have the address ${address}`, ANY_LIE);
  if (a.kernel.volumeGroupActive && b.kernel.volumeGroupActive)
    throw new Violation('S2', 'the volume group is active on both nodes', ANY_LIE);
}

/** S5: to its initiator a LUN is the same disk for ever, whichever node exports it. */
export class Identities {
  private readonly known = new Map<string, string>();
  /** Whose each number is, and was. */
  private readonly numbers = new Map<number, string>();

  /** A LUN of this name that is made anew is another disk. */
  check(machines: readonly Machine[], made: (lun: string) => number): void {
    for (const { name, kernel } of machines)
      for (const [lun, { number, serial }] of kernel.luns) {
        const key = `${lun} made ${made(lun)}`;
        const identity = `${number} ${serial}`;
        const before = this.known.get(key);
        if (before === identity) continue;
        if (before !== undefined)
          throw new Violation('S5', `LUN ${lun} is ${identity} on ${name}, and was ${before}`);
        const owner = this.numbers.get(number) ?? lun;
        if (owner !== lun) throw new Violation('S5', `LUN ${lun} has the number ${number} of LUN ${owner}`);
        this.numbers.set(number, lun);
        this.known.set(key, identity);
      }
  }
}
