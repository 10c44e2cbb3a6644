import { koffi } from './foreign.ts';

type Trim = (pad: number) => number;

let trim: Trim | undefined;

/**
 * Gives the kernel back what the C library keeps of freed memory, in the arenas of all threads (malloc_trim(3)): V8's
 * compilers leave tens of MiB there, and a process at rest never asks for them again.
 */
export function trimAllocator(): void {
  trim ??= koffi.load('libc.so.6').func('int malloc_trim(size_t pad)') as unknown as Trim;
  trim(0);
}
