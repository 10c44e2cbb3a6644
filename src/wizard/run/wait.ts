import {
  failed,
  failure,
  success,
  type FailureCode,
  type Result,
  type StatusView,
} from '../../model/index.ts';
import type { World } from './step.ts';

/** Milliseconds between two questions. */
const AGAIN = 2000;
/** A node that was just booted answers late. Milliseconds. */
export const BOOT = 15 * 60_000;
/** What moves within seconds takes minutes on a machine that is emulated. Milliseconds. */
export const MOVE = 10 * 60_000;

/** What passes by itself. */
const passing: ReadonlySet<FailureCode> = new Set([
  'engine_unreachable',
  'not_synchronised',
  'no_quorum',
  'busy',
]);

export const passes = ({ code }: { readonly code: FailureCode }): boolean => passing.has(code);

const askStatus = ({ api }: World): Promise<Result<StatusView>> =>
  api.ask<StatusView>({ method: 'GET', path: '/status' });

/** As soon as this node answers, whatever it knows: alone, a node that has just formed a cluster may know nothing of it. */
export const answeredStatus = (world: World): Promise<Result<StatusView>> =>
  untilStatus(world, BOOT, 'this node answers', () => 'yes');

/** As the cluster knows it; waits while this node is only just starting, or learning. */
export const settledStatus = (world: World): Promise<Result<StatusView>> =>
  untilStatus(world, BOOT, 'this node knows its cluster', ({ clusterName, synchronised }) =>
    clusterName === undefined || synchronised ? 'yes' : 'the node is learning the state of the cluster',
  );

/**
 * Asks until it is so. `isSo` answers `yes`, or how far it is, which is told whenever it changes. Nobody answering is
 * waited out; after `patience` (milliseconds) it fails with what was last seen.
 */
export async function untilStatus(
  world: World,
  patience: number,
  what: string,
  isSo: (status: StatusView) => string,
): Promise<Result<StatusView>> {
  const end = world.now() + patience;
  let told = '';
  for (;;) {
    const asked = await askStatus(world);
    if (!asked.ok && !passes(asked.failure)) return asked;
    const said = asked.ok ? isSo(asked.value) : `no answer yet: ${asked.failure.message}`;
    if (asked.ok && said === 'yes') return asked;
    if (said !== told) world.tell(`  ${said}`);
    told = said;
    if (world.now() > end) {
      const waited = `waited ${Math.round(patience / 60_000)} minutes until ${what}; last seen: ${said}`;
      return failed(asked.ok ? failure('busy', waited) : { ...asked.failure, message: waited });
    }
    await world.pause(AGAIN);
  }
}

export const done: Result<void> = success(undefined);
