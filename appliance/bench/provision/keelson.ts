import type { Progress } from '../../lab/progress.ts';
import type { San } from '../../trial/san.ts';
import { makeLun } from '../failover/keelson/luns.ts';
import { timed, type Provisioner } from './creates.ts';

/** One request makes volume, export and mapping; it is answered when the LUN is exported. */
export function keelsonProvisioner(san: San, clients: number, progress: Progress): Provisioner {
  const create = async (lun: number): Promise<number> => {
    const begun = performance.now();
    await makeLun(san, lun);
    const took = performance.now() - begun;
    progress(`keelson: LUN ${lun} after ${(took / 1000).toFixed(1)} s`);
    return took;
  };
  return {
    stack: 'keelson',
    oneByOne: (luns) => timed(luns, create),
    async together(luns) {
      const left = [...luns];
      const each: number[] = [];
      const begun = performance.now();
      const client = async (): Promise<void> => {
        for (let lun = left.shift(); lun !== undefined; lun = left.shift()) each.push(await create(lun));
      };
      await Promise.all(Array.from({ length: Math.min(clients, luns.length) }, client));
      return { each, total: performance.now() - begun, luns: luns.length };
    },
  };
}
