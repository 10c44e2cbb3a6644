import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { whoIsThis, type Identity } from '../../../src/daemon/identity.ts';
import { canonical, initialConfig } from '../../../src/engine/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';

const file = ClusterFile.parse(parse(readFileSync('docs/cluster.example.yaml', 'utf8')));
const config = initialConfig(file, { clusterId: 'c', poolSecret: 's' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function form(): Promise<void> {
  const text = canonical(config);
  await createFileStore(folder).replace({ revision: 1, hash: digest(text), config: text });
}

const wake = async (name: string | undefined): Promise<Identity> =>
  whoIsThis(await createFileStore(folder).load(), name, 'san-b', digest);

test('a node with an empty disk belongs to no cluster', async () => {
  expect(await wake(undefined)).toEqual({ kind: 'unformed' });
});

test('a member is known by its configuration and its name', async () => {
  await form();
  expect(await wake('san-a')).toMatchObject({
    kind: 'member',
    node: 'san-a',
    damage: undefined,
    changes: [],
  });
});

test('a crash before the name was written makes a member of the host’s name', async () => {
  await form();
  expect(await wake(undefined)).toMatchObject({ kind: 'member', node: 'san-b' });
});

test('a member whose log is damaged or gone never says that it belongs to no cluster', async () => {
  expect(await wake('san-a')).toMatchObject({ kind: 'damaged' });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'configuration.log'), 'rubbish where the header was\n');
  expect(await wake('san-a')).toMatchObject({
    kind: 'damaged',
    failure: { code: 'store_damaged', message: expect.stringContaining('header is damaged') as string },
  });
  expect(await wake(undefined)).toMatchObject({ kind: 'damaged' });
});

test('a configuration of other nodes is not obeyed', async () => {
  await form();
  expect(await wake('san-c')).toMatchObject({ kind: 'damaged', failure: { code: 'store_foreign' } });
});

test('the example’s commented properties are the defaults', () => {
  const text = readFileSync('docs/cluster.example.yaml', 'utf8');
  const [commented = ''] = text.slice(text.indexOf('# properties:')).split('\n\n');
  expect(parse(commented.replaceAll(/^# /gm, ''))).toEqual({
    properties: { ...config.properties, fenceAction: 'reboot' },
  });
});
