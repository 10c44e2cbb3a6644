/**
 * Prints every notice of Corosync's health as a line of JSON: `{ key, code, message }`, without code where it is over.
 * Runs on a node; its arguments are the token in milliseconds, and `id:address,address` of each other node.
 */
import { milliseconds } from '../../src/model/index.ts';
import { createCorosyncHealth } from '../../src/platform/corosync/index.ts';
import { createClock } from '../../src/platform/world.ts';

const [token, ...others] = process.argv.slice(2);
const peers = others.map((other) => {
  const [id = '', addresses = ''] = other.split(':');
  return { id: Number(id), name: `node${id}`, addresses: addresses.split(',') };
});
const log = (level: string) => (component: string, message: string) => {
  process.stderr.write(`${level} ${component}: ${message}\n`);
};

const health = createCorosyncHealth({
  peers: () => peers,
  token: () => milliseconds(Number(token)),
  clock: createClock(),
  log: { info: log('info'), warn: log('warn'), error: log('error') },
});
health.start((key, failure) => {
  process.stdout.write(`${JSON.stringify({ key, code: failure?.code, message: failure?.message })}\n`);
});
process.stdin.on('end', () => health.close()).resume();
