import { readFileSync } from 'node:fs';

/**
 * Processor time that the main thread of a process has had since it began, in clock ticks of which there are a hundred a
 * second (proc(5), /proc/PID/task/TID/stat, utime and stime); undefined: there is no such process.
 */
export function ticksOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold anything; behind it are the third field and those after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
