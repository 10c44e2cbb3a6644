/**
 * An engine that decides nothing: prints every event of the transport as a line of JSON, and multicasts the string in
 * every line of JSON that it reads. Runs on a node.
 */
import { createInterface } from 'node:readline';
import { createCorosyncTransport } from '../../src/platform/corosync/index.ts';

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

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as string;
  transport.multicast(command);
}
// The end of its input is the order to leave.
transport.close();
