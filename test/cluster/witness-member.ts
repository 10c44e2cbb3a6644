/** Prints every notice about the witness as a line of JSON. Runs on a node; its argument is the node's id. */
import { createWitnessHealth } from '../../src/platform/corosync/index.ts';
import { createClock } from '../../src/platform/world.ts';

const health = createWitnessHealth({
  witness: () => '10.99.1.3',
  node: Number(process.argv[2]),
  clock: createClock(),
});
health.start((key, failure) => {
  process.stdout.write(`${JSON.stringify({ key, code: failure?.code, message: failure?.message })}\n`);
});
process.stdin.on('end', () => health.close()).resume();
