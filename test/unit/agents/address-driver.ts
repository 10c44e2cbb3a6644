import { createAddressAgent } from '../../../agents/address/agent.ts';
import type { Parameters } from '../../../src/model/index.ts';
import { createRun } from '../../../src/platform/processes/run.ts';

/** Run in a network of its own: `OPERATION PARAMETERS`, one operation of the real agent; its result as JSON on a line. */
const [, , operation, text = '{}'] = process.argv;
if (operation !== 'monitor' && operation !== 'start' && operation !== 'stop')
  throw new Error(`no operation ${operation ?? ''}`);
const result = await createAddressAgent()[operation](JSON.parse(text) as Parameters, {
  node: 'san-a',
  signal: new AbortController().signal,
  log: (line) => process.stderr.write(`${line}\n`),
  run: createRun(20_000),
});
process.stdout.write(`${JSON.stringify(result)}\n`);
