import type { AfterGrow, LunView } from '../../model/index.ts';

/**
 * What is to be typed on a host when LUNs have grown, each line once for all of them. The kernel's target of Linux 6.1
 * raises no unit attention for it: a host that is not told goes on with the size that it knows.
 */
export const afterGrow = (luns: readonly Pick<LunView, 'wwid' | 'portals'>[]): AfterGrow => ({
  linux: [
    'iscsiadm --mode session --rescan',
    ...luns.filter(({ portals }) => portals.length > 1).map(({ wwid }) => `multipathd resize map ${wwid}`),
  ],
  windows: ['Update-HostStorageCache'],
  esxi: ['esxcli storage core adapter rescan --all'],
});
