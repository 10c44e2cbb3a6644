import { expect } from 'vitest';
import type { EngineRequest } from '../../../src/engine/index.ts';
import { bytes, EXTENT, type RequestKind } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San } from './san.ts';
import { Wishes } from './wishes.ts';

export const volumeOf = ({ kernel, store }: Machine, lun = 'db'): string =>
  kernel.luns.get(lun)?.volume ?? store.config.luns[lun]?.volume ?? lun;
export const snapshotsOf = ({ store }: Machine) => store.config.snapshots ?? {};
export const imageOf = ({ kernel }: Machine) => kernel.replica.image;

/** What hosts write; both copies have it. */
export function write(san: San, text: string, lun = 'db'): void {
  for (const machine of san.world.machines) imageOf(machine).contents.set(volumeOf(san.alpha, lun), text);
}
export const held = (machine: Machine, lun = 'db'): string | undefined =>
  imageOf(machine).contents.get(volumeOf(machine, lun));
export const heldBy = (machine: Machine, snapshot: string): string | undefined =>
  imageOf(machine).contents.get(snapshotsOf(machine)[snapshot]?.volume ?? '');

export function withDatabase(seed?: number): { readonly san: San; readonly wishes: Wishes } {
  const san = San.serving(seed);
  const wishes = new Wishes(san);
  expect(wishes.ask('lun.create', { name: 'db', size: bytes(20 * EXTENT), thin: true })).toMatchObject({
    ok: true,
  });
  san.eventually('it is served', () => san.alpha.kernel.serves('db'));
  san.eventually('nothing is under way', () => settled(san.alpha));
  write(san, 'monday');
  return { san, wishes };
}

export const settled = ({ store }: Machine): boolean =>
  Object.values(store.config.operations).every(({ state }) => state !== 'running') &&
  Object.values(store.config.snapshots ?? {}).every(({ state }) => state === 'ready');

export function done(
  san: San,
  wishes: Wishes,
  kind: RequestKind & EngineRequest['kind'],
  body: object,
  machine: Machine = san.alpha,
): void {
  const answer = wishes.ask(kind, body, machine);
  expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
  san.eventually(
    `${kind} is done`,
    () => san.world.machines.every((each) => !each.isPowered || settled(each)),
    MINUTE,
  );
}

export const operation = ({ store }: Machine, kind: string) =>
  Object.values(store.config.operations).filter((one) => one.kind === kind);
