import koffi from 'koffi';

/**
 * The one way to native libraries. koffi takes its settings only before the first library of the process is loaded,
 * whoever loads it, so they are made here. Corosync's dispatch functions keep 1 MiB on the stack, and koffi runs
 * native code on stacks of its own whose defaults are too small for that.
 */
koffi.config({ sync_stack_size: 16 << 20, async_stack_size: 4 << 20 });

export { koffi };
