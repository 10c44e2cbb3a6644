import { koffi } from '../foreign.ts';

/** <sys/timex.h>: `struct timex` of 64-bit Linux, and the bit of its `status` that says that nobody keeps the clock. */
const TIMEX_BYTES = 208;
const STATUS_AT = 40;
const STA_UNSYNC = 0x40;

type Adjust = (timex: Buffer) => number;

let adjtimex: Adjust | undefined;

/** Whether somebody disciplines this machine's clock, as the kernel knows it (adjtimex(2)). Changes nothing. */
export function isClockDisciplined(): boolean {
  adjtimex ??= koffi.load('libc.so.6').func('int adjtimex(_Inout_ void *)') as unknown as Adjust;
  // All zeros: no mode is set, and it is only read.
  const timex = Buffer.alloc(TIMEX_BYTES);
  if (adjtimex(timex) < 0) throw new Error('adjtimex(2) does not tell the state of the clock');
  return (timex.readInt32LE(STATUS_AT) & STA_UNSYNC) === 0;
}
