/** What Linux 6.1 writes for a LUN (core_scsi3_update_aptpl_buf), whole: with its zero byte. */
export const registered = (
  ...hosts: readonly {
    readonly initiator: string;
    readonly key: number;
    readonly holds?: number;
    readonly number?: number;
    readonly sessionId?: string;
  }[]
): string => {
  const blocks = hosts.map(({ initiator, key, holds, number = 1, sessionId }, index) =>
    [
      `PR_REG_START: ${index}`,
      'initiator_fabric=iSCSI',
      `initiator_node=${initiator}`,
      ...(sessionId === undefined ? [] : [`initiator_sid=${sessionId}`]),
      `sa_res_key=${key}`,
      ...(holds === undefined ? ['res_holder=0'] : ['res_holder=1', `res_type=0${holds}`, 'res_scope=00']),
      'res_all_tg_pt=0',
      `mapped_lun=${number}`,
      'target_fabric=iSCSI',
      'target_node=iqn.2026-11.com.example:tank',
      'tpgt=1',
      'port_rtpi=1',
      `target_lun=${number}`,
      `PR_REG_END: ${index}\n`,
    ].join('\n'),
  );
  return `${blocks.length === 0 ? 'No Registrations or Reservations' : blocks.join('')}\0`;
};
