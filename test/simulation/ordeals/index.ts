import { bothLinksCut, clusterLinkCut, replicationLinkCut, wishOfTheDead } from './cuts.ts';
import { engineStandsStill, engineStaysAway, machineHangs, powerLost } from './deaths.ts';
import type { Ordeal } from './ordeal.ts';
import { resetByHand } from './reset.ts';
import { answersNothing, willNotStop } from './stuck.ts';
import { wornOut } from './worn-out.ts';

/** All ways in which a pool is put to the last test. */
export const ordeals: readonly Ordeal[] = [
  powerLost,
  machineHangs,
  engineStaysAway,
  engineStandsStill,
  clusterLinkCut,
  replicationLinkCut,
  bothLinksCut,
  wishOfTheDead,
  willNotStop,
  answersNothing,
  resetByHand,
  wornOut,
].flatMap((ordeal) => Array<Ordeal>(ordeal.weight).fill(ordeal));
