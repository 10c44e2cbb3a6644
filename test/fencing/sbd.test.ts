import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSbdFenceAgent } from '../../agents/fence-sbd/agent.ts';
import type { Parameters, Result } from '../../src/model/index.ts';
import { runProgram } from '../../src/platform/processes/run.ts';
import type { FenceVerb, Power } from '../../src/ports/index.ts';
import { contextWith } from '../unit/agents/fake-context.ts';
import { against } from './against.ts';
import { discover } from './deeds.ts';
import { peers } from './peers/installed.ts';

const agent = createSbdFenceAgent();

const run = (program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout.toString().trim();
};

interface Disk {
  readonly path: string;
  readonly loop: string;
  readonly uuid: string;
}

against(peers.disks, () => {
  let folder = '';
  let disks: Disk[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keelson-sbd-'));
    disks = [];
  });
  afterEach(async () => {
    for (const { path, loop } of disks) {
      await rm(path, { force: true });
      spawnSync('losetup', ['--detach', loop]);
    }
    await rm(folder, { recursive: true });
  });

  /** Real ones, with seconds instead of the usual tens of them. */
  async function makeDisk(
    watchdog = 1,
    msgwait = 2,
    nodes: readonly string[] = ['san-a', 'san-b'],
  ): Promise<Disk> {
    const file = join(folder, `disk-${disks.length}`);
    await writeFile(file, '');
    await truncate(file, 8 << 20);
    const loop = run('losetup', '--find', '--show', file);
    // By a name of its own: it can vanish, and the device is not free for somebody else meanwhile.
    const path = `/dev/${basename(folder)}-${disks.length}`;
    await symlink(loop, path);
    run('sbd', '-d', path, '-1', String(watchdog), '-2', '1', '-4', String(msgwait), 'create');
    for (const node of nodes) run('sbd', '-d', path, 'allocate', node);
    const uuid = /UUID\s*: (\S+)/.exec(run('sbd', '-d', path, 'dump'))?.[1] ?? '';
    const disk = { path, loop, uuid };
    disks.push(disk);
    return disk;
  }

  const parametersOf = (of: readonly Disk[], node = 'san-b'): Parameters => ({
    node,
    disks: Object.fromEntries(of.map(({ path, uuid }) => [path, uuid])),
  });

  async function perform(verb: FenceVerb, parameters: Parameters, deadline = 10_000): Promise<string> {
    const signal = AbortSignal.timeout(deadline);
    const context = contextWith(undefined, signal);
    const result: Result<Power> = await agent.perform(verb, parameters, {
      ...context,
      run: (program, args) => runProgram(program, args, {}, { signal }),
    });
    return result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;
  }

  const slots = ({ path }: Disk): string => run('sbd', '-d', path, 'list').replaceAll(/\s+/g, ' ');

  test('a message is written for the one node, and waited for; then it is cleared', async () => {
    const disk = await makeDisk();
    const parameters = parametersOf([disk]);
    expect(await perform('status', parameters)).toBe('it says on');
    const began = performance.now();
    expect(await perform('off', parameters)).toBe('it says off');
    expect(performance.now() - began).toBeGreaterThan(1900);
    expect(slots(disk)).toMatch(/^0 san-a clear 1 san-b reset /);
    expect(await perform('on', parameters)).toBe('it says on');
    expect(slots(disk)).toMatch(/1 san-b clear/);
  });

  test('a disk says whose it is, and who has a slot on all of them; nothing is written', async () => {
    const [first, second] = [await makeDisk(), await makeDisk(1, 2, ['san-b'])];
    const before = [slots(first), slots(second)];
    const found = await discover(agent, { disks: [first.path, second.path] });
    expect(found).toEqual({
      about: `${first.path}: SBD ${first.uuid}, watchdog 1 s, msgwait 2 s; ${second.path}: SBD ${second.uuid}, watchdog 1 s, msgwait 2 s`,
      outlets: [{ name: 'san-b' }],
    });
    expect([slots(first), slots(second)]).toEqual(before);
    expect(await discover(agent, { disks: ['/dev/keelson-none'] })).toMatch(/^disk_missing: /);
  });

  test('what is not waited for to its end proves nothing', async () => {
    const parameters = parametersOf([await makeDisk(4, 8)]);
    expect(await perform('off', parameters, 1500)).toMatch(/^fence_not_confirmed/);
  });

  test('of three disks one may be gone, and not two', async () => {
    const three = [await makeDisk(), await makeDisk(), await makeDisk()];
    const parameters = parametersOf(three);
    await rm(three[0]?.path ?? '');
    expect(await perform('off', parameters)).toBe('it says off');
    expect(slots(three[1] as Disk)).toMatch(/san-b reset/);
    await rm(three[1]?.path ?? '');
    expect(await perform('off', parameters)).toMatch(/^fence_unreachable/);
    expect(await perform('status', parameters)).toMatch(/^fence_unreachable/);
  });

  test("another cluster's disk, timeouts that prove nothing, and a node without a slot are named", async () => {
    const disk = await makeDisk();
    const foreign = { ...disk, uuid: '00000000-0000-4000-8000-000000000000' };
    expect(await perform('off', parametersOf([foreign]))).toContain('fence_disk_wrong: SBD disk');
    expect(await perform('off', parametersOf([await makeDisk(3, 4)]))).toContain(
      "less than twice the watchdog's 3 s",
    );
    expect(await perform('off', parametersOf([disk], 'san-c'))).toMatch(/^fence_outlet_unknown/);
    for (const each of disks) expect(slots(each)).not.toContain('reset');
  });
});

test.each([0, 2, 4])('%i disks are refused', async (count) => {
  const disks = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `/dev/disk/by-id/${index}`,
      '00000000-0000-4000-8000-000000000000',
    ]),
  );
  const result = await agent.perform('off', { node: 'san-a', disks }, contextWith());
  expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
});
