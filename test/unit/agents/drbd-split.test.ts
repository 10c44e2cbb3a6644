import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDrbdAgent } from '../../../agents/drbd/agent.ts';
import type { Agent } from '../../../src/ports/index.ts';
import { contextWith, type Call } from './fake-context.ts';

/** As DRBD 8.4.11 of Linux 6.1 shows them. */
const head = 'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n';
const shown = (connection: string, roles: string, disks = 'UpToDate/DUnknown'): string =>
  `${head} 0: cs:${connection} ro:${roles} ds:${disks} C r-----
    ns:0 nr:0 dw:6260 dr:1080915 al:30 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:4096
`;

const [OWN, PEER, BEFORE, OLDER] = [
  '38BAC2CC396C0580',
  '0D1A2B0F954F14E2',
  'F4BF0BD8048AC5D2',
  'EF84BE6D28A148D6',
];
const own = `${OWN}:${BEFORE}:${OLDER}:0000000000000000`;
const peer = `${PEER}:${BEFORE}:${OLDER}:0000000000000000`;

let folder: string;
let agent: Agent;
const parameters = {
  pool: 'tank',
  minor: 0,
  port: 7789,
  sharedSecret: 'c2VjcmV0LXNlY3JldC0xMjM0',
  fresh: false,
  patience: 1,
  disks: { 'san-a': '/dev/vdb', 'san-b': '/dev/vdb' },
  addresses: { 'san-a': '10.77.2.11', 'san-b': '10.77.2.12' },
};
const kernelShows = (text: string): Promise<void> => writeFile(join(folder, 'proc'), text);
const tells = (generations: string) => (call: Call) => ({
  stdout: call.args[0] === 'get-gi' ? `${generations}:1:1:0:0:0:0:0\n` : '',
});
const programs = (context: ReturnType<typeof contextWith>): readonly string[] =>
  context.calls.map(({ program, args }) => `${program} ${args.join(' ')}`);

beforeEach(async () => {
  folder = await mkdtemp('/tmp/keelson-drbd-split-');
  agent = createDrbdAgent({
    resourceFolder: folder,
    kernelStatus: join(folder, 'proc'),
    devices: join(folder, 'block'),
  });
});
afterEach(() => rm(folder, { recursive: true }));

describe('a look', () => {
  test.each(['StandAlone', 'WFConnection'])(
    'at a mirror that is %s tells its generations, and what it has that the peer lacks',
    async (connection) => {
      await kernelShows(shown(connection, 'Secondary/Unknown'));
      const context = contextWith(tells(own.toLowerCase()));
      expect(await agent.monitor(parameters, context)).toMatchObject({
        value: { facts: { connection, generations: own, outOfSync: 4096 * 1024 } },
      });
      expect(programs(context)).toEqual(['drbdsetup get-gi 0']);
    },
  );

  test.each([
    ['that has its peer', shown('Connected', 'Primary/Secondary', 'UpToDate/UpToDate')],
    ['that is being filled', shown('SyncTarget', 'Secondary/Primary', 'Inconsistent/UpToDate')],
    ['that has no disk', shown('WFConnection', 'Primary/Unknown', 'Diskless/UpToDate')],
    ['that is down', head],
  ])('at a mirror %s runs no program', async (_, text) => {
    await kernelShows(text);
    const context = contextWith();
    expect(await agent.monitor(parameters, context)).toMatchObject({ ok: true });
    expect(context.calls).toEqual([]);
  });

  test('that is told nothing of them, or what is none, sees all the rest', async () => {
    await kernelShows(shown('StandAlone', 'Secondary/Unknown'));
    for (const answer of [{ exitCode: 20, stderr: 'no such device' }, { stdout: 'what?\n' }]) {
      const context = contextWith(() => answer);
      const seen = await agent.monitor(parameters, context);
      expect(seen).toMatchObject({
        ok: true,
        value: { state: 'running', facts: { connection: 'StandAlone' } },
      });
      expect(seen.ok && seen.value.facts).not.toHaveProperty('generations');
      expect(context.lines.join()).toContain('get-gi');
    }
  });

  test('as part of a promotion runs no more than the promotion', async () => {
    await kernelShows(shown('WFConnection', 'Primary/Unknown', 'UpToDate/Outdated'));
    const context = contextWith();
    expect(await agent.promote?.(parameters, context)).toMatchObject({ ok: true });
    expect(context.calls).toEqual([]);
  });
});

describe('connecting again', () => {
  const reconnect = async (
    text: string,
    reconnecting: { discard: string; peer?: string },
    answer: (call: Call) => object = tells(own),
  ) => {
    await kernelShows(text);
    const context = contextWith(answer);
    const result = await agent.reconnect?.({ ...parameters, reconnect: reconnecting }, context);
    return { result, programs: programs(context) };
  };
  const discard = { discard: 'yes', peer };

  test('to discard: a connection that waits is taken down first, for only then the kernel takes the word', async () => {
    const { result, programs } = await reconnect(shown('WFConnection', 'Secondary/Unknown'), discard);
    expect(result).toMatchObject({ ok: true });
    expect(programs).toEqual([
      'drbdsetup get-gi 0',
      'drbdadm disconnect tank',
      'drbdadm connect --discard-my-data tank',
    ]);
    const alone = await reconnect(shown('StandAlone', 'Secondary/Unknown'), discard);
    expect(alone.programs).toEqual(['drbdsetup get-gi 0', 'drbdadm connect --discard-my-data tank']);
  });

  test('to discard: nothing is done where the copies have met', async () => {
    for (const connection of ['Connected', 'SyncTarget', 'WFBitMapT'])
      expect(await reconnect(shown(connection, 'Secondary/Primary'), discard)).toMatchObject({
        result: { ok: true },
        programs: [],
      });
  });

  test('to discard is refused on a Primary, whoever says so, and nothing is touched', async () => {
    expect(await reconnect(shown('StandAlone', 'Primary/Unknown'), discard)).toMatchObject({
      result: { failure: { code: 'recovery_victim_serves' } },
      programs: [],
    });
  });

  test.each([
    ['is the newer one', peer, `${OWN}:${PEER}:${BEFORE}:${OLDER}`],
    ['only lags behind', peer, `${BEFORE}:0000000000000000:${OLDER}:0000000000000000`],
    ['is the same', own, own],
    ['has nothing in common with it', `${PEER}:${PEER}:0000000000000000:0000000000000000`, own],
    ['is not told', peer, 'garbage'],
  ])('to discard is refused where this copy, against the other one, %s', async (_, other, mine) => {
    const { result, programs } = await reconnect(
      shown('StandAlone', 'Secondary/Unknown'),
      { discard: 'yes', peer: other },
      tells(mine),
    );
    expect(result).toMatchObject({ failure: { code: 'pool_not_split' } });
    expect(programs).toEqual(['drbdsetup get-gi 0']);
  });

  test('to discard is refused where nobody says in favour of what', async () => {
    const { result } = await reconnect(shown('StandAlone', 'Secondary/Unknown'), { discard: 'yes' });
    expect(result).toMatchObject({ failure: { code: 'pool_not_split' } });
  });

  test('without discarding only takes up a connection that was given up, also of a Primary', async () => {
    const keep = { discard: 'no' };
    const alone = await reconnect(shown('StandAlone', 'Primary/Unknown'), keep);
    expect([alone.result?.ok, alone.programs]).toEqual([true, ['drbdadm connect tank']]);
    const waiting = await reconnect(shown('WFConnection', 'Primary/Unknown'), keep);
    expect([waiting.result?.ok, waiting.programs]).toEqual([true, []]);
  });

  test('says what the program says, and that a mirror is down', async () => {
    const refused = await reconnect(shown('StandAlone', 'Primary/Unknown'), { discard: 'no' }, () => ({
      exitCode: 10,
      stderr: 'Device has a net-config',
    }));
    expect(refused.result).toMatchObject({
      failure: { code: 'command_failed', message: expect.stringContaining('net-config') as string },
    });
    expect(await reconnect(head, discard)).toMatchObject({ result: { failure: { code: 'agent_failed' } } });
  });
});
