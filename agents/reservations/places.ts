import { join } from 'node:path';
import { readAtOnce } from '../kernel-files.ts';

/** The volume of a group that holds what hosts have registered for its LUNs. */
export const reservationVolume = 'keelson_reservations';

/** Where reservations are on a node. */
export interface ReservationPlaces {
  /** The volume of each group is mounted on a folder of the group's name in here. */
  readonly mounts: string;
  /** Where the kernel looks for a LUN's file: `pr` in its dbroot. */
  readonly kernelFolder: string;
  /** What is mounted, as the kernel tells it. */
  readonly mountTable: string;
}

export const reservationPlaces: ReservationPlaces = {
  mounts: '/run/keelson/reservations',
  kernelFolder: '/var/lib/keelson/target/pr',
  mountTable: '/proc/self/mountinfo',
};

export const mountPoint = ({ mounts }: ReservationPlaces, volumeGroup: string): string =>
  join(mounts, volumeGroup);

/** What the kernel writes. It is not there while nothing is mounted, so that the kernel fails instead of writing below. */
export const writtenFolder = (places: ReservationPlaces, volumeGroup: string): string =>
  join(mountPoint(places, volumeGroup), 'pr');

/** The last good copy of each. */
export const copiesFolder = (places: ReservationPlaces, volumeGroup: string): string =>
  join(mountPoint(places, volumeGroup), 'good');

/** The kernel's own name for a LUN's file, by its serial. */
export const fileOf = (serial: string): string => `aptpl_${serial}`;

/** By its name; undefined: it is none of a LUN. */
export const serialOf = (file: string): string | undefined => /^aptpl_([0-9a-f]{32})$/.exec(file)?.[1];

/** The kernel's number of the mount: another one after each; undefined: nothing is mounted there. */
export function mounted(places: ReservationPlaces, volumeGroup: string): string | undefined {
  const point = mountPoint(places, volumeGroup);
  const lines = (readAtOnce(places.mountTable) ?? '').split('\n').map((line) => line.split(' '));
  return lines.find((words) => words[4] === point)?.[0];
}
