import { join } from 'node:path';
import type { Progress } from '../lab/progress.ts';
import { nodePackage, type PackageContents } from '../package/contents.ts';
import { buildPackage } from '../package/package.ts';

/** A package of this checkout, that of the nodes unless told otherwise, for the machines' disks; gives its path. */
export const checkoutPackage =
  (progress: Progress, contents: PackageContents = nodePackage): (() => Promise<string>) =>
  async () => {
    progress(`building the package ${contents.name}`);
    return (await buildPackage({ sources: join(import.meta.dirname, '../..'), contents, progress })).path;
  };
