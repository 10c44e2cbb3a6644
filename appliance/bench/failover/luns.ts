const MIB = 1024 * 1024;

/** The host writes on the first LUN, front to back and never twice: so many bytes last for an hour. */
const WRITTEN_LUN = 256 * MIB;
/** One extent of LVM: the others are only there. */
const OTHER_LUN = 4 * MIB;
/** DRBD's and LVM's own metadata. */
const METADATA = 64 * MIB;

/** The sizes that the issue of this bench names. */
export const usualCounts: readonly number[] = [1, 20, 100, 500];

/** How many, for people. */
export const inWords = (luns: number): string => (luns === 1 ? '1 LUN' : `${luns} LUNs`);

/** LUNs are counted from 1. */
export const lunName = (lun: number): string => `lun-${String(lun).padStart(4, '0')}`;
export const writtenLun = 1;

export const bytesOfLun = (lun: number): number => (lun === writtenLun ? WRITTEN_LUN : OTHER_LUN);

/** The data disk that takes so many LUNs, in MiB: whole hundreds, because the first sync copies all of it. */
export function diskFor(luns: number): number {
  const needed = (WRITTEN_LUN + (luns - 1) * OTHER_LUN + METADATA) / MIB;
  return Math.max(1024, Math.ceil(needed / 100) * 100);
}
