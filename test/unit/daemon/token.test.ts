import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { createTokenChoice } from '../../../src/daemon/token.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import { milliseconds } from '../../../src/model/index.ts';
import type { MeasureOptions } from '../../../src/platform/formation/measure.ts';

const file = ClusterFile.parse(parse(readFileSync('docs/cluster.example.yaml', 'utf8')));
const config = initialConfig(file, { clusterId: 'c', poolSecret: 's' });

let asked: MeasureOptions[];
let said: string[];
const log = (level: string) => (_component: string, message: string) => {
  said.push(`${level}: ${message}`);
};
const tokens = (stall: number) =>
  createTokenChoice({
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    measure: (options) => {
      asked.push(options);
      return Promise.resolve({ roundTrip: milliseconds(0.4), stall: milliseconds(stall) });
    },
  });

beforeEach(() => {
  asked = [];
  said = [];
});

test('the first node measures towards the other one on the cluster network, and chooses', async () => {
  const { token, reason } = await tokens(600).choose(file, 'san-a', config);
  expect(token).toBe(2400);
  expect(reason).toContain('4 times the longest wait');
  expect(asked).toEqual([{ from: '10.77.1.11', to: ['10.77.1.12'] }]);
  expect(said).toEqual([`info: the token is 2400 ms: ${reason}`]);
});

test('the second link of the example counts', async () => {
  expect((await tokens(1).choose(file, 'san-a', config)).token).toBe(1500);
});

test('what a person has set counts, and nothing is measured', async () => {
  const given = { ...file, properties: { token: 700 } };
  const set = initialConfig(given, { clusterId: 'c', poolSecret: 's' });
  expect(await tokens(500).choose(given, 'san-a', set)).toEqual({
    token: 700,
    reason: 'as the cluster file says',
  });
  expect(asked).toEqual([]);
});

test('a node that joins and needs a longer token says so', async () => {
  const chosen = { ...config, properties: { ...config.properties, token: milliseconds(1500) } };
  await tokens(10).compare('san-b', chosen);
  await tokens(900).compare('san-b', chosen);
  expect(asked[0]).toEqual({ from: '10.77.1.12', to: ['10.77.1.11'] });
  expect(said[0]).toMatch(/^info: the token of 1500 ms fits this node/);
  expect(said[1]).toMatch(
    /^warn: the cluster's token is 1500 ms; as measured on this node it should be 3600 ms/,
  );
});
