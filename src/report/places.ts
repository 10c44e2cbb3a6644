/** Where this node keeps what a report is made of. Other ones only in tests. */
export interface Places {
  readonly stateFolder: string;
  readonly etcFolder: string;
  readonly corosyncFolder: string;
  readonly drbdFolder: string;
  /** The kernel's target configuration. */
  readonly configfs: string;
  /** Where programs are looked for. */
  readonly path: string;
}

/** The same variables as keelsond's. */
export const placesOf = (environment: NodeJS.ProcessEnv): Places => ({
  stateFolder: environment['KEELSON_STATE'] ?? '/var/lib/keelson',
  etcFolder: environment['KEELSON_ETC'] ?? '/etc/keelson',
  corosyncFolder: environment['KEELSON_COROSYNC'] ?? '/etc/corosync',
  drbdFolder: environment['KEELSON_DRBD'] ?? '/etc/drbd.d',
  configfs: environment['KEELSON_CONFIGFS'] ?? '/sys/kernel/config/target',
  path: environment['KEELSON_REPORT_PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
});
