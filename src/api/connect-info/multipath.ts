/**
 * How multipath treats LIO's disks: a failover is a pause, never an error (`no_path_retry queue`), and a path that is
 * gone is noticed within seconds. Both portals are ways to the one node that serves, so all paths are as good.
 */
const DEVICE = [
  ['vendor', '"LIO-ORG"'],
  ['product', '".*"'],
  ['path_grouping_policy', 'group_by_prio'],
  ['prio', 'alua'],
  ['hardware_handler', '"1 alua"'],
  ['path_checker', 'tur'],
  ['failback', 'immediate'],
  ['no_path_retry', 'queue'],
  ['fast_io_fail_tmo', '5'],
] as const;

/** The section `devices` of a multipath.conf. */
export const multipathDevices = (): string =>
  `devices {
    device {
${DEVICE.map(([name, value]) => `        ${name} ${value}`).join('\n')}
    }
}
`;

/** As a file of its own, beside whatever the host has. A local disk, which has one path, is left alone. */
export const multipathFile = (): string => `defaults {
    find_multipaths yes
}
${multipathDevices()}`;
