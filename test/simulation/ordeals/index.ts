import { bothLinksCut, clusterLinkCut, replicationLinkCut, wishOfTheDead } from './cuts.ts';
import { engineStandsStill, engineStaysAway, machineHangs, powerLost } from './deaths.ts';
import { cutWhileNobodyServes } from './idle.ts';
import type { Ordeal } from './ordeal.ts';
import { resetByHand } from './reset.ts';
import { answersNothing, willNotStop } from './stuck.ts';
import { cutOff, witnessGone } from './witness.ts';
import { wornOut } from './worn-out.ts';

const often = (all: readonly Ordeal[]): readonly Ordeal[] =>
  all.flatMap((ordeal) => Array<Ordeal>(ordeal.weight).fill(ordeal));

/** All ways in which a pool is put to the last test. */
export const ordeals = often([
  powerLost,
  machineHangs,
  engineStaysAway,
  engineStandsStill,
  clusterLinkCut,
  replicationLinkCut,
  bothLinksCut,
  cutWhileNobodyServes,
  wishOfTheDead,
  willNotStop,
  answersNothing,
  resetByHand,
  wornOut,
]);

/** And where there is a witness. */
export const ordealsOfWitness = often([witnessGone, cutOff]);
