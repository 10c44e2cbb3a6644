import { formatSize } from '../api/schemas/size.ts';
import type { LunView } from '../model/index.ts';
import { table } from './output.ts';

export const lunTable = (luns: readonly LunView[]): string =>
  table(
    ['LUN', 'SIZE', 'POOL', 'STATE', 'SERVED BY', 'HOSTS'],
    luns.map((lun) => [
      lun.name,
      formatSize(lun.size),
      lun.pool,
      lun.state,
      lun.servedBy ?? '-',
      lun.hosts.join(','),
    ]),
  );
