import { join } from 'node:path';
import type { Progress } from '../lab/progress.ts';
import { buildPackage } from '../package/package.ts';

/** The package of this checkout, for the machines' disks; gives its path. */
export const checkoutPackage =
  (progress: Progress): (() => Promise<string>) =>
  async () => {
    progress('building the package of Keelson');
    return (await buildPackage({ sources: join(import.meta.dirname, '../..'), progress })).path;
  };
