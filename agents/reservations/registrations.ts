/** One host's registration for a LUN, as the kernel writes it, and takes it back. */
export interface Registration {
  readonly initiator: string;
  /** Of the session that registered, in hex. */
  readonly sessionId?: string;
  /** Decimal: 64 bits are more than a number holds. */
  readonly key: string;
  /** Of the reservation's holder: its type, 1 to 8 (SPC-4). */
  readonly holds?: number;
  readonly allTargetPorts: boolean;
  readonly mappedNumber: number;
  readonly iqn: string;
  readonly portalGroup: number;
  readonly targetPort: number;
  readonly number: number;
}

const block =
  /PR_REG_START: (?<index>\d+)\ninitiator_fabric=iSCSI\ninitiator_node=(?<initiator>[^\s,]+)\n(?:initiator_sid=(?<sessionId>[0-9a-fA-F]{1,15})\n)?sa_res_key=(?<key>\d{1,20})\nres_holder=(?:0|1\nres_type=(?<holds>0[1-8])\nres_scope=00)\nres_all_tg_pt=(?<allTargetPorts>[01])\nmapped_lun=(?<mappedNumber>\d+)\ntarget_fabric=iSCSI\ntarget_node=(?<iqn>[^\s,]+)\ntpgt=(?<portalGroup>\d+)\nport_rtpi=(?<targetPort>\d+)\ntarget_lun=(?<number>\d+)\nPR_REG_END: (?<end>\d+)\n/y;

const nobody = /^No Registrations or Reservations\n?$/;

/**
 * A LUN's file as the kernel wrote it; undefined: it is torn. The kernel empties the file and writes it anew, with a zero
 * byte as the last one: where that is missing, the end is.
 */
export function readRegistrations(content: string): readonly Registration[] | undefined {
  if (!content.endsWith('\0')) return undefined;
  const text = content.slice(0, -1);
  if (nobody.test(text)) return [];
  const found: Registration[] = [];
  block.lastIndex = 0;
  while (block.lastIndex < text.length) {
    const match = block.exec(text)?.groups;
    if (match === undefined || match['index'] !== String(found.length) || match['end'] !== match['index'])
      return undefined;
    found.push(registration(match));
  }
  return found.length === 0 ? undefined : found;
}

const registration = (match: Readonly<Record<string, string | undefined>>): Registration => ({
  initiator: match['initiator'] ?? '',
  ...(match['sessionId'] !== undefined && { sessionId: match['sessionId'] }),
  key: match['key'] ?? '0',
  ...(match['holds'] !== undefined && { holds: Number(match['holds']) }),
  allTargetPorts: match['allTargetPorts'] === '1',
  mappedNumber: Number(match['mappedNumber']),
  iqn: match['iqn'] ?? '',
  portalGroup: Number(match['portalGroup']),
  targetPort: Number(match['targetPort']),
  number: Number(match['number']),
});

const told = (from: Registration, holding: (type: number) => readonly string[]): readonly string[] => [
  'initiator_fabric=iSCSI',
  `initiator_node=${from.initiator}`,
  ...(from.sessionId === undefined ? [] : [`initiator_sid=${from.sessionId}`]),
  `sa_res_key=${from.key}`,
  ...(from.holds === undefined ? ['res_holder=0'] : ['res_holder=1', ...holding(from.holds)]),
  `res_all_tg_pt=${from.allTargetPorts ? 1 : 0}`,
  `mapped_lun=${from.mappedNumber}`,
  'target_fabric=iSCSI',
  `target_node=${from.iqn}`,
  `tpgt=${from.portalGroup}`,
  `port_rtpi=${from.targetPort}`,
  `target_lun=${from.number}`,
];

/** A whole file of these, as the kernel would write it. */
export function asWritten(registrations: readonly Registration[]): string {
  const blocks = registrations.map((from, index) => {
    const lines = told(from, (type) => [`res_type=0${type}`, 'res_scope=00']);
    return [`PR_REG_START: ${index}`, ...lines, `PR_REG_END: ${index}\n`].join('\n');
  });
  return `${blocks.length === 0 ? 'No Registrations or Reservations' : blocks.join('')}\0`;
}

/** What `pr/res_aptpl_metadata` of a backstore takes in one write. Types without a leading zero: 08 would be octal. */
export const toldToKernel = (from: Registration): string =>
  told(from, (type) => [`res_type=${type}`, 'res_scope=0']).join(',');
