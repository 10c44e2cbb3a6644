import { milliseconds, type ClusterConfig, type Failure, type Milliseconds } from '../../model/index.ts';
import { canonical, type KnownChange } from '../config/index.ts';
import { configState } from './configuration.ts';
import { markOf } from './loss.ts';
import { unknownNode } from './merged-status.ts';
import { noSound, nothingTold, type EngineState, type Legacy, type Stored } from './state.ts';

/** What an engine is told at its birth; `boot` is the kernel's boot id, `incarnation` is random. */
export interface Birth {
  readonly self: string;
  readonly incarnation: string;
  readonly boot: string;
  /** What the last engine of this boot has left; absent for the first one, and where that one was not synchronised. */
  readonly legacy?: Legacy | undefined;
  readonly config: ClusterConfig;
  /** What is wrong with the log on disk, where the configuration is only the newest that could be read of it. */
  readonly damage?: Failure | undefined;
  /** The last changes and revisions that led to the configuration, oldest first, as far as the disk tells. */
  readonly changes?: readonly KnownChange[];
  readonly trail?: readonly Stored[];
  /** Of a clock that only runs and never jumps. */
  readonly now: Milliseconds;
  readonly digest: (text: string) => string;
}

export function initialState(birth: Birth): EngineState {
  const hash = birth.digest(canonical(birth.config));
  const { revision } = birth.config;
  const intact = birth.damage === undefined;
  // Of a damaged log nothing counts as on disk: it is written anew as soon as the configuration is the cluster's.
  const stored = intact ? { revision, hash } : { revision: 0, hash: '' };
  const { changes = [], trail = [markOf(revision, hash)] } = birth;
  const names = Object.keys(birth.config.nodes);
  return {
    self: birth.self,
    incarnation: birth.incarnation,
    boot: birth.boot,
    transportUp: false,
    config: configState(birth.config, hash, {
      persisted: {},
      stored,
      replacing: undefined,
      intact,
      changes,
      begunAt: revision,
      trail,
    }),
    view: {
      name: '',
      members: [],
      ...nothingTold,
      deferred: [],
      generation: firstGeneration(birth),
      counted: 0,
      sound: noSound,
    },
    ring: { sequence: 0, nodes: [], quorate: undefined },
    status: {
      quorate: false,
      nodes: Object.fromEntries(names.map((name) => [name, unknownNode(birth.now)])),
    },
    wasSynchronised: false,
    mayActAlone: birth.legacy !== undefined && intact,
    knownOff: birth.legacy?.knownOff ?? { ring: 0, nodes: [] },
    boots: {},
    comings: {},
    inFlight: {},
    plan: undefined,
    executor: {
      work: new Map(),
      queue: [],
      dirty: new Set(),
      asked: new Set(),
      watched: new Set(),
      tended: [],
      monitoring: false,
      lookedAt: 0,
      monitorFailures: {},
    },
    fencing: {},
    deviceChecks: {},
    unrecorded: [],
    dryTest: undefined,
    witnessWork: undefined,
    requests: {},
    terms: {},
    proposed: {},
    counter: 0,
    sent: 0,
    heard: {},
    refusals: {},
    beatSentAt: undefined,
    wallOffset: milliseconds(0),
    clocksAhead: {},
  };
}

/**
 * Views are counted on where the last engine of this boot stopped, so that what this one decides alone is newer than what
 * the other one decided in their last view together. After a boot nothing is decided before the others were heard.
 */
const firstGeneration = ({ config, legacy }: Birth): number =>
  Math.max(config.generation, legacy?.generation ?? 0);
