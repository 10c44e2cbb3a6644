import type { Machine } from '../machine.ts';
import { anyMachine, type Fault } from './fault.ts';

/**
 * Somebody, or another program, takes away what the engine has started, and says nothing: an address is removed from its
 * interface, the target is disabled, a LUN is unlinked. The rest is held open in the kernel and cannot be taken away.
 */
export const takenAway: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = world.machines.find(({ kernel }) => kernel.isActive) ?? anyMachine(world, random);
    const [taken, take] = random.pick(possible(machine));
    take();
    return [{ name: `${taken} of ${machine.name} taken away` }];
  },
};

type Taking = readonly [taken: string, take: () => void];

function possible(machine: Machine): readonly Taking[] {
  const { kernel, unforeseen, time } = machine;
  const takings: readonly Taking[] = [
    ...[...kernel.addresses].map((address): Taking => [
      `address ${address}`,
      () => {
        kernel.addresses.delete(address);
        unforeseen.note({ agent: 'address', parameters: { address } }, time.now);
      },
    ]),
    ...[...kernel.luns.keys()].map((lun): Taking => [
      `LUN ${lun}`,
      () => {
        kernel.luns.delete(lun);
        unforeseen.note({ agent: 'lio-lun', parameters: { lun } }, time.now);
      },
    ]),
    [
      'target',
      () => {
        if (!kernel.targetEnabled) return;
        kernel.targetEnabled = false;
        unforeseen.note({ agent: 'lio-target', parameters: {} }, time.now);
      },
    ],
  ];
  return takings;
}
