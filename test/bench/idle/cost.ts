/** What a process has used and holds. */
export interface Cost {
  /** Milliseconds of CPU in all its threads since its start; children have their own. */
  readonly cpu: number;
  /** KiB: what it holds, shared pages counted by their share, and counted in full. */
  readonly pss: number;
  readonly rss: number;
  /** KiB: the most that it ever held. */
  readonly peak: number;
}

/** Linux counts CPU time in ticks of 10 ms. */
const TICK = 10;

export async function readCost(read: (path: string) => Promise<string>, pidFile: string): Promise<Cost> {
  const pid = Number(await read(pidFile));
  if (!Number.isInteger(pid) || pid < 1) throw new Error(`${pidFile} holds no process id`);
  const [stat, memory, status] = await Promise.all([
    read(`/proc/${pid}/stat`),
    read(`/proc/${pid}/smaps_rollup`),
    read(`/proc/${pid}/status`),
  ]);
  // Fields 14 and 15, counted from 1; the name in field 2 may hold spaces, and ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * TICK,
    pss: kibibytes(memory, 'Pss'),
    rss: kibibytes(memory, 'Rss'),
    peak: kibibytes(status, 'VmHWM'),
  };
}

function kibibytes(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+([0-9]+) kB`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${name} in ${text}`);
  return Number(found);
}
