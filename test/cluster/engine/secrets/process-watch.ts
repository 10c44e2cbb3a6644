/** Program of a worker thread: what every user of the machine can read of its processes, looked at again and again. */
import { readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { textOf } from './files.ts';

const words = workerData as readonly string[];
const seen = new Set<string>();

function look(): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const line = textOf(`/proc/${id}/cmdline`).replaceAll('\0', ' ');
    if (words.some((word) => line.includes(word))) seen.add(line);
  }
}

setInterval(look, 10);
parentPort?.on('message', () => parentPort?.postMessage([...seen]));
