/**
 * An engine that decides nothing: prints every event of the transport as a line of JSON, and multicasts the string in
 * every line of JSON that it reads. At `null` it says what it holds of the system's. Runs on a node.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { milliseconds } from '../../src/model/index.ts';
import { createCorosyncHealth, createCorosyncTransport } from '../../src/platform/corosync/index.ts';
import { createClock } from '../../src/platform/world.ts';
import type { Holdings } from './member-process.ts';

const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const log = (level: string) => (component: string, message: string) => {
  process.stderr.write(`${level} ${component}: ${message}\n`);
};

const transport = createCorosyncTransport({
  log: { info: log('info'), warn: log('warn'), error: log('error') },
});
transport.start(say);
// Beside it, as in keelsond; what it notices is not told.
const quiet = () => undefined;
const health = createCorosyncHealth({
  peers: () => [{ id: 2, name: 'node2', addresses: ['10.99.0.2'] }],
  token: () => milliseconds(1000),
  clock: createClock(),
  log: { info: quiet, warn: quiet, error: quiet },
});
health.start(quiet);

/** How often each of Corosync's services is mapped, by its name. */
function mappings(): Readonly<Record<string, number>> {
  const names = readFileSync('/proc/self/maps', 'utf8').match(
    /(?<=\/dev\/shm\/.*-)[a-z]+(?=-(data|header))/g,
  );
  return Object.fromEntries(
    [...Map.groupBy(names ?? [], (name) => name)].map(([name, of]) => [name, of.length]),
  );
}

function holdings(): Holdings {
  globalThis.gc?.();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    mappings: mappings(),
    resident: 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as string | null;
  if (command === null) process.stderr.write(`holds ${JSON.stringify(holdings())}\n`);
  else transport.multicast(command);
}
// The end of its input is the order to leave.
transport.close();
health.close();
