import { agentTrouble, blindAgent, brokenAgent, lastingAgent, lyingAgents } from './agents.ts';
import { failingBoard, hangingBoard, lyingBoard, slowBoard, unreachableBoard } from './boards.ts';
import { clockJump } from './clocks.ts';
import { failingDisk, fullDisk, rottenDisk, slowDisk } from './disks.ts';
import type { Fault } from './fault.ts';
import { takenAway } from './hands.ts';
import { moment } from './moments.ts';
import {
  bothLinks,
  clusterLink,
  oneWayLoss,
  oneWayReplicationLoss,
  replicationLink,
  slowCluster,
} from './networks.ts';
import {
  cleanup,
  clusterMaintenance,
  fencingTest,
  nodeMaintenance,
  operator,
  shutdown,
  standby,
} from './people.ts';
import * as plots from './plots.ts';
import { blackout, powerCut } from './power.ts';
import {
  agentHostKill,
  agentHostMute,
  agentHostPause,
  corosyncCrash,
  corosyncPause,
  engineKill,
  enginePause,
  stall,
} from './processes.ts';
import { deciding, witnessCut, witnessLost, witnessSlow } from './witness.ts';

/** What may go wrong only where there is a witness. */
export const faultsOfWitness: Readonly<Record<string, Fault>> = {
  witnessLost,
  witnessCut,
  witnessSlow,
  deciding,
};

/** Everything that may go wrong. The order matters to no one but the seeds: a new fault changes their stories. */
export const faults: Readonly<Record<string, Fault>> = {
  powerCut,
  blackout,
  engineKill,
  agentHostKill,
  agentHostPause,
  agentHostMute,
  corosyncCrash,
  corosyncPause,
  stall,
  enginePause,
  clusterLink,
  replicationLink,
  bothLinks,
  oneWayLoss,
  oneWayReplicationLoss,
  slowCluster,
  failingDisk,
  slowDisk,
  fullDisk,
  rottenDisk,
  clockJump,
  unreachableBoard,
  slowBoard,
  failingBoard,
  hangingBoard,
  lyingBoard,
  agentTrouble,
  brokenAgent,
  lastingAgent,
  blindAgent,
  lyingAgents,
  takenAway,
  operator,
  cleanup,
  standby,
  nodeMaintenance,
  clusterMaintenance,
  fencingTest,
  shutdown,
  moment,
  ...plots,
  ...faultsOfWitness,
};

/** Stories of several strikes, each with an order of its own. */
export const plotNames: readonly string[] = Object.keys(plots);
