import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { bulleted } from './list.ts';
import { nodeList } from './nodes.ts';
import { countInstances, fullList } from './resources.ts';

/** What crm_simulate tells before the status: that nothing is managed, and how many resources are kept down. */
export const remarks = (unpacked: Unpacked): string[] => {
  const lines: string[] = [];
  const { settings } = unpacked;
  if (settings.isInMaintenance) {
    lines.push(
      '',
      '              *** Resource management is DISABLED ***',
      '  The cluster will not attempt to start, stop or recover services',
    );
  } else if (settings.stopsAll) {
    lines.push(
      '',
      '    *** Resource management is DISABLED ***',
      '  The cluster will keep all resources stopped',
    );
  }
  const { all, disabled, blocked } = countInstances(unpacked);
  if (disabled > 0 || blocked > 0) {
    if (lines.length > 0) lines.push('');
    lines.push(
      `${disabled} of ${all} resource instances DISABLED and ${blocked} BLOCKED from further action due to failure`,
    );
  }
  return lines;
};

/** Nodes and resources, as they stand under "Current cluster status". `showPending`: tell what is under way. */
export const statusLines = (unpacked: Unpacked, showPending: boolean): string[] => {
  const nodes = bulleted(nodeList(unpacked));
  const resources = bulleted(fullList(unpacked, showPending));
  return nodes.length > 0 ? [...nodes, '', ...resources] : resources;
};
