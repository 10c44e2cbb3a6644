import { diskFaults, offeredDisks } from './disks.ts';
import type { Round } from './fault.ts';
import { doubleAddress, networkFaults, pulledCable, slowNetwork } from './networks.ts';
import { otherSystemFaults, stoppedApi, systemFaults } from './system.ts';

export const rounds: readonly Round[] = [
  { faults: systemFaults },
  { faults: networkFaults },
  { faults: [...otherSystemFaults, slowNetwork] },
  { faults: [pulledCable] },
  { faults: [doubleAddress] },
  { faults: [stoppedApi] },
  { faults: diskFaults, disks: offeredDisks },
];
