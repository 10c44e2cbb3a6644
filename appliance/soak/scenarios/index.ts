import { conformance } from './conformance.ts';
import { boardDown, diskFailure } from './devices.ts';
import { doctor } from './doctor.ts';
import { diskReplaced } from './disk-replaced.ts';
import { fenceLevels } from './levels.ts';
import { machineReplaced } from './machine-replaced.ts';
import { generatedClient } from './generated-client.ts';
import { growth } from './growth.ts';
import { bothCut, clusterCut, replicationCut } from './links.ts';
import { doubleCut, powerCut, reboot, standbyCut } from './power.ts';
import { engineKills, interruptedCreate, killProcesses } from './processes.ts';
import { report } from './report.ts';
import { reservations } from './reservations.ts';
import { moves } from './moves.ts';
import { sbdAndWitnessLost } from './sbd-and-witness.ts';
import { sbdDiskLost } from './sbd-disk.ts';
import { sbd } from './sbd.ts';
import { snapshots } from './snapshots.ts';
import { splitBrain } from './split-brain.ts';
import type { Scenario } from './scenario.ts';
import { storageCut } from './storage-cut.ts';
import { storm } from './storm.ts';
import { thin } from './thin.ts';

export const scenarios: readonly Scenario[] = [
  powerCut,
  standbyCut,
  replicationCut,
  clusterCut,
  bothCut,
  storageCut,
  boardDown,
  diskFailure,
  diskReplaced,
  machineReplaced,
  killProcesses,
  interruptedCreate,
  growth,
  conformance,
  reservations,
  generatedClient,
  doctor,
  report,
  thin,
  storm,
  moves,
  snapshots,
  splitBrain,
  reboot,
  engineKills,
  doubleCut,
  fenceLevels,
  sbd,
  sbdDiskLost,
  sbdAndWitnessLost,
];
