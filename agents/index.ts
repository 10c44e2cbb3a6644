import type { Agent, FenceAgent } from '../src/ports/index.ts';
import { createAddressAgent } from './address/agent.ts';
import { createKernelConfigfs } from './configfs/kernel-configfs.ts';
import { createDeviceMapper } from './device-mapper/device-mapper.ts';
import { createDrbdAgent } from './drbd/agent.ts';
import { createFenceAgentsAgent } from './fence-agents/agent.ts';
import { createIpmiFenceAgent } from './fence-ipmi/agent.ts';
import { createLibvirtFenceAgent } from './fence-libvirt/agent.ts';
import { createNullFenceAgent } from './fence-null/agent.ts';
import { createPduFenceAgent } from './fence-pdu/agent.ts';
import { createSbdFenceAgent } from './fence-sbd/agent.ts';
import { createSshFenceAgent } from './fence-ssh/agent.ts';
import { createLunAgent } from './lio-lun/agent.ts';
import { createConnections } from './lio-target/connections.ts';
import { createTargetAgent } from './lio-target/agent.ts';
import { createLvmAgent } from './lvm/agent.ts';
import { createSnapshotAgent } from './lvm-snapshot/agent.ts';
import { createSpaceKeeper } from './lvm/space.ts';
import { reservationPlaces } from './reservations/places.ts';

const configfs = createKernelConfigfs();
const deviceMapper = createDeviceMapper();

/** All agents, on the machine they run on. */
export const agents: readonly Agent[] = [
  createDrbdAgent(),
  createLvmAgent({ deviceMapper, spaceKeeper: createSpaceKeeper(), reservations: reservationPlaces }),
  createSnapshotAgent(deviceMapper),
  createTargetAgent({ configfs, connections: createConnections() }),
  createLunAgent({ configfs, deviceMapper, reservations: reservationPlaces }),
  createAddressAgent(),
];

export const fenceAgents: readonly FenceAgent[] = [
  createIpmiFenceAgent(),
  createPduFenceAgent(),
  createSbdFenceAgent(),
  createLibvirtFenceAgent(),
  createFenceAgentsAgent(),
  createSshFenceAgent(),
  createNullFenceAgent(),
];
