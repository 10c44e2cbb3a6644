/** A node's part of a change of the witness, as keelsond does it: reads the task as JSON, prints the result as JSON. */
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createWitness } from '../../src/daemon/witness.ts';
import { createWitnessTasks } from '../../src/daemon/witness-tasks.ts';
import type { WitnessTask } from '../../src/model/index.ts';
import { createLog } from '../../src/platform/world.ts';

const task = JSON.parse(await text(process.stdin)) as WitnessTask;
const perform = createWitnessTasks({
  witness: createWitness({ log: createLog() }),
  corosyncFolder: '/etc/corosync',
  pause: (duration) => pause(duration),
});
process.stdout.write(JSON.stringify(await perform(task)));
