/** One device as /proc/drbd shows it: a single read that never waits for a disk or the peer. */
export interface KernelStatus {
  readonly connection: string;
  readonly role: string;
  readonly peerRole: string;
  readonly disk: string;
  readonly peerDisk: string;
  readonly suspended: boolean;
  /** Bytes that the two disks are known to differ in. */
  readonly outOfSync: number;
  readonly resyncPercent: number | undefined;
  /** Until that has ended, as the kernel guesses; undefined where it does not. */
  readonly resyncSeconds: number | undefined;
}

const line = / cs:(\S+) ro:([^/\s]+)\/(\S+) ds:([^/\s]+)\/(\S+) \S? *([rs])/;

/** The version of the module in the header, such as 8.4.11; undefined where there is no text (no module is loaded). */
export function parseKernelVersion(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const version = /^version: *(\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`/proc/drbd is not understood: ${text.slice(0, 80)}`);
  return version;
}

/**
 * Reads the text of /proc/drbd (DRBD 8.4: drbd_proc.c of Linux 6.1). undefined: this minor is not configured.
 * It throws where the text is not understood, so that a change of format is never taken for 'stopped'.
 */
export function parseKernelStatus(text: string, minor: number): KernelStatus | undefined {
  const lines = text.split('\n');
  const first = lines.findIndex((candidate) => new RegExp(`^ *${minor}: `).test(candidate));
  const head = lines[first];
  if (head === undefined || head.includes('cs:Unconfigured')) return undefined;
  const found = line.exec(head);
  if (found === null) throw new Error(`/proc/drbd is not understood: ${head}`);
  const [, connection = '', role = '', peerRole = '', disk = '', peerDisk = '', flag = ''] = found;
  const next = lines.findIndex((candidate, index) => index > first && /^ *[0-9]+: /.test(candidate));
  const rest = lines.slice(first + 1, next === -1 ? undefined : next).join('\n');
  const outOfSync = /\boos:([0-9]+)/.exec(rest)?.[1];
  const percent = /(?:sync'ed|verified): *([0-9.]+)%/.exec(rest)?.[1];
  const finish = /\bfinish: *([0-9]+):([0-9]{2}):([0-9]{2})/.exec(rest)?.slice(1).map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = finish ?? [];
  return {
    connection,
    role,
    peerRole,
    disk,
    peerDisk,
    suspended: flag === 's',
    outOfSync: Number(outOfSync ?? 0) * 1024,
    resyncPercent: percent === undefined ? undefined : Number(percent),
    resyncSeconds: finish === undefined ? undefined : hours * 3600 + minutes * 60 + seconds,
  };
}
