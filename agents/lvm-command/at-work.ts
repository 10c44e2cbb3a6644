import { statSync } from 'node:fs';
import { isGone, readAtOnce } from '../kernel-files.ts';

/** LVM's locks of volume groups: `global/locking_dir` of lvm.conf(5), as Debian has it. */
const LOCKS = '/run/lock/lvm';

/**
 * Whether an LVM command is changing a volume group now, whoever began it: it holds the group's lock (flock) for writing
 * as long as it lives. Looks at the kernel's list of locks (proc(5), /proc/locks), and takes none itself.
 */
export function isLvmAtWork(
  volumeGroup: string,
  { folder = LOCKS, locks = '/proc/locks' }: { readonly folder?: string; readonly locks?: string } = {},
): boolean {
  const file = identityOf(`${folder}/V_${volumeGroup}`);
  if (file === undefined) return false;
  return (readAtOnce(locks) ?? '').split('\n').some((line) => {
    const words = line.trim().split(/\s+/);
    return words.includes('FLOCK') && words.includes('WRITE') && words.includes(file);
  });
}

/** As /proc/locks names a file: major and minor number of its device in hexadecimal, and its inode. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
    const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
    const hex = (number: bigint): string => number.toString(16).padStart(2, '0');
    return `${hex(major)}:${hex(minor)}:${ino}`;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
