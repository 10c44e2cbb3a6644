import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { mountPoint, type ReservationPlaces } from '../../../agents/reservations/places.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A node on which nothing is mounted. */
export function emptyPlaces(): ReservationPlaces {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-reservations-'));
  folders.push(folder);
  const places = {
    mounts: join(folder, 'mounts'),
    kernelFolder: join(folder, 'kernel'),
    mountTable: join(folder, 'mountinfo'),
  };
  mkdirSync(places.kernelFolder);
  writeFileSync(places.mountTable, '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n');
  return places;
}

/** As `mount` leaves a group's new volume. */
export function pretendMount(places: ReservationPlaces, volumeGroup: string): void {
  appendFileSync(
    places.mountTable,
    `44 22 253:9 / ${mountPoint(places, volumeGroup)} rw,sync - ext4 /dev/dm-9 rw\n`,
  );
}

/** A node with the reservations of these groups at hand; nobody has registered for anything. */
export function reservationsOf(...volumeGroups: readonly string[]): ReservationPlaces {
  const places = emptyPlaces();
  for (const volumeGroup of volumeGroups) {
    for (const folder of ['pr', 'good'])
      mkdirSync(join(mountPoint(places, volumeGroup), folder), { recursive: true });
    pretendMount(places, volumeGroup);
  }
  return places;
}
