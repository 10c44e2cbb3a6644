import type { Endpoint } from '../endpoint.ts';
import { clusterEndpoints } from './cluster.ts';
import { configEndpoints } from './config.ts';
import { doctorEndpoints } from './doctor.ts';
import { eventEndpoints } from './events.ts';
import { fencingEndpoints } from './fencing.ts';
import { hostEndpoints } from './hosts.ts';
import { lunEndpoints } from './luns.ts';
import { replacementEndpoints } from './replacement.ts';
import { setupEndpoints } from './setup.ts';
import { snapshotEndpoints } from './snapshots.ts';
import { sessionEndpoints } from './sessions.ts';
import { poolEndpoints } from './pools.ts';
import { stateEndpoints } from './state.ts';
import { targetEndpoints } from './targets.ts';
import { wishEndpoints } from './wishes.ts';
import { witnessEndpoints } from './witness.ts';

/** Every address of the API: the server is made from this list, and so is the documentation. */
export const endpoints: readonly Endpoint[] = [
  ...stateEndpoints,
  ...doctorEndpoints,
  ...wishEndpoints,
  ...replacementEndpoints,
  ...fencingEndpoints,
  ...poolEndpoints,
  ...targetEndpoints,
  ...hostEndpoints,
  ...lunEndpoints,
  ...snapshotEndpoints,
  ...sessionEndpoints,
  ...configEndpoints,
  ...eventEndpoints,
  ...clusterEndpoints,
  ...setupEndpoints,
  ...witnessEndpoints,
];
