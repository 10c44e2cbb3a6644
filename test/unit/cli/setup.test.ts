import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  encodeJoinCode,
  failed,
  failure,
  milliseconds,
  success,
  type SetupView,
} from '../../../src/model/index.ts';
import { emptyStatus } from '../../../src/daemon/unformed.ts';
import { serve, type Served } from '../api/served.ts';
import { status } from '../api/fake-gateway.ts';
import { machine } from '../wizard/machines.ts';
import { keelson, towards } from './command.ts';
import { keys, type Screen } from '../../../appliance/lab/screen.ts';
import { openTerminal } from './terminal.ts';

/** The real command, the real API over real TLS; the engine behind it is a stub that says what a test tells it. */
let served: Served;
let folder: string;
let state: string;
const code = encodeJoinCode({ secret: '0123456789abcdef0123456789abcdef', address: '10.77.0.12' });
/** Each start of the command is felt on a machine that has other things to do. Milliseconds. */
const PATIENCE = 120_000;

const look: SetupView = { machine: machine('san-a', 11), other: machine('san-b', 12), diagnoses: [] };
const forbidden = {
  code: 'disk_has_data',
  weight: 'forbids',
  node: 'san-b',
  found: 'the disk carries ext4',
  why: 'It would be lost.',
  mend: 'Wipe it.',
} as const;

beforeEach(async () => {
  served = await serve();
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  state = join(folder, 'setup.json');
  served.gateway.replies = {
    status: () => success(emptyStatus),
    'setup.look': ({ file }) => success({ ...look, diagnoses: file === undefined ? [] : [forbidden] }),
  };
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});

const kinds = (): readonly string[] => served.gateway.asked.map(({ kind }) => kind);
const setup = (...words: string[]) => keelson(served, ['setup', '--state', state, ...words]);
const inTerminal = (...words: string[]): Screen =>
  openTerminal([
    ...[process.execPath, 'src/cli/keelson.ts', ...towards(served), 'setup', '--state', state],
    ...words,
  ]);

function answers(more: object = {}): string {
  const path = join(folder, 'answers.yaml');
  const board = (last: number) => ({
    kind: 'ipmi',
    address: `10.77.0.${last}`,
    username: 'admin',
    password: 'hidden-word',
  });
  const fencing = { 'san-a': board(201), 'san-b': board(202) };
  writeFileSync(path, JSON.stringify({ joinCode: code, fencing, ...more }), { mode: 0o600 });
  return path;
}

describe('keelson setup --answers', () => {
  test(
    '--plan-only shows the whole plan, changes nothing, and shows no password',
    async () => {
      const { code: exit, stderr, stdout } = await setup('--answers', answers(), '--plan-only');
      expect(exit).toBe(0);
      expect(stderr).toContain('The plan: san, a SAN of san-a and san-b');
      expect(stderr).toContain('nothing was changed');
      expect(`${stderr}${stdout}`).not.toContain('hidden-word');
      expect(kinds()).toEqual(['status', 'setup.look']);
      expect(existsSync(state)).toBe(false);
    },
    PATIENCE,
  );

  test(
    'what the doctor forbids ends it with what to mend, and the next attempt reads the file anew',
    async () => {
      const first = await setup('--answers', answers());
      expect([first.code, first.stderr]).toEqual([
        1,
        expect.stringContaining('code: setup_forbidden') as string,
      ]);
      expect(first.stderr).toContain('Wipe it.');
      expect(statSync(state).mode & 0o777).toBe(0o600);
      const second = await setup('--answers', answers({ name: 'other' }));
      expect(second.stderr).toContain('The plan: other');
      expect(kinds()).not.toContain('cluster.init');
    },
    PATIENCE,
  );

  test(
    'a file that does not say everything, or says it wrongly, is told what is missing',
    async () => {
      const incomplete = await setup('--answers', answers({ fencing: undefined }));
      expect(incomplete.stderr).toContain(
        'Management board of san-a: ADDRESS, or USER@ADDRESS (board-san-a)',
      );
      expect(incomplete.stderr).toContain('code: answers_missing');
      const withoutCode = await setup('--answers', answers({ joinCode: undefined }));
      expect(withoutCode.stderr).toContain('keelson cluster join-code');
      const wrong = await setup('--answers', answers({ lun: { name: 'lun1', size: 'much' } }));
      expect(wrong.stderr).toContain('code: answers_invalid');
    },
    PATIENCE,
  );

  test(
    'a code that the other node does not take ends it',
    async () => {
      served.gateway.replies['setup.look'] = () => failed(failure('join_code_wrong', 'too old'));
      expect((await setup('--answers', answers())).stderr).toContain('code: join_code_wrong');
    },
    PATIENCE,
  );

  test(
    'a node that belongs to a cluster, and no set-up under way: it shows the status, and asks nothing',
    async () => {
      served.gateway.replies.status = () => success(status());
      const { code: exit, stderr } = await setup('--answers', answers());
      expect(exit).toBe(0);
      expect(stderr).toContain('belongs to a cluster already');
      expect((await setup('--answers', answers(), '--start-over')).stderr).toContain('code: cluster_exists');
    },
    PATIENCE,
  );

  test(
    '--save-answers keeps them for the next one, for their owner alone',
    async () => {
      const path = join(folder, 'saved.json');
      await setup('--answers', answers(), '--save-answers', path, '--plan-only');
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const again = await setup('--answers', path, '--plan-only');
      expect([again.code, readFileSync(path, 'utf8')]).toEqual([
        0,
        expect.stringContaining('"portals"') as string,
      ]);
    },
    PATIENCE,
  );

  test(
    'without a terminal and without answers there is nobody to ask',
    async () => {
      const { code: exit, stderr } = await setup();
      expect([exit, stderr]).toEqual([2, expect.stringContaining('nobody to ask') as string]);
    },
    PATIENCE,
  );
});

test('keelson cluster join-code prints the code and nothing else on standard output', async () => {
  served.gateway.replies['cluster.join-code'] = () =>
    success({ node: 'san-b', code, address: '10.77.0.12', validUntil: milliseconds(1) });
  const { stdout, stderr } = await keelson(served, ['cluster', 'join-code', '--address', '10.77.0.12']);
  expect(stdout).toBe(`${code}\n`);
  expect(stderr).toContain('keelson setup');
  expect(served.gateway.asked).toEqual([{ kind: 'cluster.join-code', request: { address: '10.77.0.12' } }]);
});

/** The questions as a person sees them, in a real terminal. */
describe('keelson setup in a terminal', () => {
  const answer = (terminal: Screen, question: string, reply = ''): Promise<void> =>
    terminal.answers(question, reply);

  async function untilBoards(terminal: Screen): Promise<void> {
    await answer(terminal, '1. Join code of the other node', code.toLowerCase());
    await answer(terminal, '2. Name of the SAN');
    await answer(terminal, '3. Which network is for what');
    await answer(terminal, '4. Addresses that hosts connect to');
    await answer(terminal, '5. What cuts the power');
  }

  /** In the order in which they are asked; what is not said of the second board is as with the first. */
  async function tellBoards(terminal: Screen, second: string): Promise<void> {
    await answer(terminal, '6. Management board of san-a', '10.77.0.201');
    await answer(terminal, '7. Management board of san-b', second);
    await answer(terminal, '8. Password of the board of san-a', 'hidden-word');
    await answer(terminal, '9. Password of the board of san-b');
  }

  test(
    'twelve questions, a slip of the finger, a step back, the plan, and what the doctor forbids',
    async () => {
      const terminal = inTerminal();
      await answer(
        terminal,
        '1. Join code of the other node',
        `${code.slice(0, -1)}${code.endsWith('Z') ? '7' : 'Z'}`,
      );
      await terminal.sees('the join code is mistyped');
      terminal.types(`${keys.clear}${code}${keys.enter}`);
      await terminal.sees('found san-b at 10.77.0.12');
      await answer(terminal, '2. Name of the SAN', 'wrong-name');
      await answer(terminal, '3. Which network is for what', keys.down + keys.down);
      await answer(terminal, '2. Name of the SAN', 'archive');
      await answer(terminal, '3. Which network is for what');
      await answer(terminal, '4. Addresses that hosts connect to');
      await answer(terminal, '5. What cuts the power');
      await tellBoards(terminal, '10.77.0.202');
      await answer(terminal, '10. Address of a witness');
      await answer(terminal, '11. Initiator name', 'iqn.2026-11.com.example:client');
      await answer(terminal, '12. Size of the first LUN', '10G');
      await terminal.sees('The plan: archive, a SAN of san-a and san-b');
      await terminal.sees('Shall it be done so?');
      expect(kinds()).toEqual(['status', 'setup.look']);
      terminal.types(`1${keys.enter}`);
      await terminal.sees('the disk carries ext4');
      await terminal.sees('Nothing was changed so far.');
      await terminal.sees('Shall it be done so?');
      expect(served.gateway.asked.at(-1)).toMatchObject({
        kind: 'setup.look',
        request: { file: { name: 'archive' } },
      });
      terminal.types(`3${keys.enter}`);
      expect(await terminal.ended).toBe(0);
      expect(terminal.shown()).not.toContain('hidden-word');
    },
    PATIENCE,
  );

  test(
    'a board that refuses the password: the passwords are asked for again, and nothing else',
    async () => {
      served.gateway.replies['setup.look'] = () => success(look);
      served.gateway.replies['fence.discover'] = ({ device }) =>
        'password' in device && device.password === 'right-word'
          ? failed(failure('fence_unreachable', 'gone to sleep'))
          : failed(failure('fence_refused', 'the password is wrong'));
      const terminal = inTerminal(
        '--ask',
        '--answers',
        answers({ fencing: undefined, witness: 'none', host: 'none', lun: 'none' }),
      );
      for (const question of ['2. Name', '3. Which network', '4. Addresses', '5. What cuts'])
        await answer(terminal, question);
      await tellBoards(terminal, 'root@10.77.0.202');
      await answer(terminal, 'Shall it be done so?', '1');
      await terminal.sees('the password is wrong (fence_refused)');
      await answer(terminal, '8. Password of the board of san-a', 'hidden-word');
      await answer(terminal, '9. Password of the board of san-b', 'right-word');
      await answer(terminal, 'Shall it be done so?', '1');
      await terminal.sees('gone to sleep (fence_unreachable)');
      await terminal.sees('6. Management board of san-a');
      terminal.types(keys.interrupt);
      expect(await terminal.ended).toBe(130);
      expect(kinds()).not.toContain('cluster.init');
    },
    PATIENCE,
  );

  test(
    'Ctrl-C at a question keeps what was said; the next attempt asks from there',
    async () => {
      const terminal = inTerminal();
      await untilBoards(terminal);
      await terminal.sees('6. Management board of san-a');
      terminal.types(keys.interrupt);
      expect(await terminal.ended).toBe(130);
      expect(terminal.shown()).toContain('the answers so far are kept');
      const again = inTerminal();
      await answer(again, '6. Management board of san-a', '10.77.0.201');
      await again.sees('7. Management board of san-b');
      again.types(keys.interrupt);
      expect(await again.ended).toBe(130);
      expect(again.shown()).not.toContain('Name of the SAN');
    },
    PATIENCE,
  );

  test(
    'with answers in a file and --ask only the rest is asked for',
    async () => {
      const terminal = inTerminal(
        '--ask',
        '--answers',
        answers({ name: 'archive', witness: 'none', host: 'none' }),
      );
      await answer(terminal, '2. Which network is for what');
      await answer(terminal, '3. Addresses that hosts connect to');
      await answer(terminal, '4. Size of the first LUN', 'none');
      await terminal.sees('LUN        none');
      await terminal.sees('Shall it be done so?');
      terminal.types(keys.enter);
      expect(await terminal.ended).toBe(0);
      expect(terminal.shown()).toContain('nothing was changed; the answers are kept');
    },
    PATIENCE,
  );
});
