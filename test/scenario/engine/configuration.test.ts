import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../src/engine/index.ts';
import type { Result } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { changed, makeLun } from '../../unit/platform/fixtures/changes.ts';
import { ConfiguredCluster } from './configured.ts';
import { San, SECOND } from './san.ts';

const codes = (problems: readonly { readonly code: string }[]): readonly string[] =>
  problems.map(({ code }) => code);

describe('a damaged configuration', () => {
  test('is told, replaced from the other node by itself, and told to be over', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    for (const delay of [1000, 2000, 3000])
      expect(await cluster.setDelay(alpha, delay)).toMatchObject({ ok: true });
    cluster.stop(beta);
    await cluster.pass(60_000);
    expect(await cluster.setDelay(alpha, 4000)).toMatchObject({ ok: true });
    await beta.damage(2);

    await cluster.start(beta);
    expect(beta.events).toContainEqual(
      expect.stringMatching(/^node.notice: beta: a record at byte .* damaged/),
    );
    await cluster.pass(10_000);

    expect(beta.config).toEqual(alpha.config);
    expect(await cluster.agree()).toBe(true);
    expect(beta.events).toContainEqual(expect.stringMatching(/^node.notice: beta: it is over: a record/));
    expect(codes(await cluster.problems(alpha))).not.toContain('store_damaged');
    expect(await cluster.told(beta, 'config.lost', {})).toEqual([]);
  });

  test('neither acts nor changes anything alone, in this boot or the next', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    await cluster.setDelay(alpha, 1000);
    cluster.stop(alpha);
    await cluster.pass(60_000);
    expect(await cluster.setDelay(beta, 2000)).toMatchObject({ ok: true });

    // Its engine ends and finds the log damaged, in the boot in which it was allowed to act alone.
    expect(beta.legacy).toBeDefined();
    cluster.stop(beta);
    await beta.damage(0);
    await cluster.start(beta, { booted: false });
    await cluster.pass(120_000);
    expect(beta.legacy).toBeUndefined();
    expect(await cluster.setDelay(beta, 3000)).toMatchObject({ failure: { code: 'not_synchronised' } });
    expect(codes(await cluster.problems(beta))).toContain('not_synchronised');

    // With the other node there, what could still be read is newer than what that one has.
    await cluster.start(alpha);
    await cluster.pass(10_000);
    expect(alpha.config.resources).toEqual({ 'drbd-main': { startDelay: 2000 } });
    expect(await cluster.agree()).toBe(true);
  });

  test('on both nodes after a loss of power: the one that reaches furthest counts, and it is told what is missing', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    for (const delay of [1000, 2000, 3000, 4000]) await cluster.setDelay(alpha, delay);
    cluster.stop(alpha);
    cluster.stop(beta);
    await alpha.damage(2);
    await beta.damage(4);

    await cluster.start(alpha);
    await cluster.start(beta);
    await cluster.pass(10_000);
    expect(alpha.config.resources).toEqual({ 'drbd-main': { startDelay: 3000 } });
    expect(await cluster.agree()).toBe(true);
    const problems = await cluster.problems(alpha);
    expect(codes(problems)).toContain('config_lost');
    expect(codes(problems)).not.toContain('store_damaged');
    expect(await cluster.told(beta, 'config.lost', {})).toMatchObject([
      { reason: expect.stringContaining('cannot be read') as string },
    ]);
  });

  test('of which nothing can be read starts no engine, and says what to do', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { beta } = cluster;
    cluster.stop(beta);
    for (const name of await beta.disk.list('/var/lib/keelson/config'))
      if (name.startsWith('configuration.'))
        beta.disk.put(`/var/lib/keelson/config/${name}`, Buffer.from('nothing of it\n'));
    await cluster.start(beta);
    expect(await cluster.ask(beta, 'status', {})).toMatchObject({ failure: { code: 'store_damaged' } });
  });
});

describe('what a node loses', () => {
  /** Beta hears of a change in its last moment, which alpha never learns of, and goes on without it. */
  async function parted(): Promise<ConfiguredCluster> {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    await cluster.setDelay(alpha, 1000);
    cluster.stop(beta);
    const found = await beta.onDisk();
    if (found.kind !== 'member') throw new Error('beta should be a member');
    const store = createFileStore('/var/lib/keelson/config', beta.disk);
    await store.load();
    await store.append(changed(found.config, makeLun('only-here')).entry);
    await cluster.pass(60_000);
    expect(await cluster.setDelay(alpha, 5000)).toMatchObject({ ok: true });
    await cluster.start(beta);
    await cluster.pass(10_000);
    return cluster;
  }

  test('is kept, shown without secrets, and told until the operator has seen it', async () => {
    const cluster = await parted();
    const { alpha, beta } = cluster;
    expect(await cluster.agree()).toBe(true);
    expect(beta.config.luns).toEqual({});
    expect(beta.events).toContainEqual(expect.stringMatching(/^config.lost: beta lost changes: one change/));

    const [loss] = await cluster.told(beta, 'config.lost', {});
    expect(loss?.changes).toMatchObject([{ revision: 3, by: 'api', what: 'lun.create only-here' }]);
    expect(loss?.differences).toContainEqual({
      kind: 'removed',
      path: 'luns.only-here.pool',
      before: '"main"',
      after: undefined,
    });
    expect(codes(await cluster.problems(alpha))).toContain('config_lost');

    // Still told after a restart of the engine.
    cluster.stop(beta);
    await cluster.start(beta);
    await cluster.pass(60_000);
    expect(codes(await cluster.problems(beta))).toContain('config_lost');

    expect(await cluster.told(beta, 'config.lost.clear', {})).toEqual({ cleared: 1 });
    await cluster.pass(1000);
    expect(codes(await cluster.problems(alpha))).not.toContain('config_lost');
    expect(await cluster.told(beta, 'config.lost', {})).toEqual([]);
  });

  test('stands in its history as undone, and is no revision that could be brought back', async () => {
    const cluster = await parted();
    const { entries } = await cluster.told(cluster.beta, 'config.history', {});
    expect(entries.map(({ kind, revision, undone }) => [kind, revision, undone])).toEqual([
      // The survivor wrote down that it goes on, what was asked of it then, and whom it had put out.
      ['taken-over', 5, false],
      ['change', 3, true],
      ['change', 2, false],
      ['taken-over', 1, false],
    ]);
    const shown = await cluster.told(cluster.beta, 'config', { revision: 5 });
    expect(shown.config['luns']).toEqual({});
    expect(await cluster.ask(cluster.beta, 'config', { revision: 3 })).toMatchObject({
      failure: { code: 'revision_not_found' },
    });
  });

  test('is nothing where a node was only away', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    await cluster.setDelay(alpha, 1000);
    cluster.stop(beta);
    await cluster.pass(60_000);
    await cluster.setDelay(alpha, 2000);
    await cluster.start(beta);
    await cluster.pass(10_000);
    expect(await cluster.agree()).toBe(true);
    expect(await cluster.told(beta, 'config.lost', {})).toEqual([]);
    expect(codes(await cluster.problems(beta))).not.toContain('config_lost');
  });
});

describe('the history', () => {
  test('tells who changed what and when, on every node, and revisions can be compared', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    await cluster.setDelay(alpha, 1000);
    await cluster.setDelay(beta, 2000);
    for (const node of cluster.nodes) {
      const { entries, more } = await cluster.told(node, 'config.history', {});
      expect(more).toBe(false);
      expect(entries.map(({ revision, by, what }) => [revision, by, what])).toEqual([
        [3, 'api', 'resource.set drbd-main startDelay=2000'],
        [2, 'api', 'resource.set drbd-main startDelay=1000'],
        [1, 'engine', 'the cluster was formed'],
      ]);
      expect(entries[0]?.at).toBeGreaterThan(1_700_000_000_000);
      expect(await cluster.told(node, 'config.diff', { from: 2 })).toEqual({
        from: 2,
        to: 3,
        differences: [
          { kind: 'changed', path: 'resources.drbd-main.startDelay', before: '1000', after: '2000' },
        ],
      });
    }
    const { config } = await cluster.told(beta, 'config', {});
    expect(JSON.stringify(config)).not.toContain('the secret of the pool');
    expect(await cluster.ask(beta, 'config', { revision: 99 })).toMatchObject({
      failure: { code: 'revision_not_found' },
    });
  });

  test('survives compaction', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    for (let delay = 1; delay <= 520; delay += 1) {
      const kind = 'resource.set';
      const policy = { startDelay: delay * 1000 };
      void cluster.ask(alpha, kind, { id: 'drbd-main', policy } as never);
      // So that the log is full in the middle of what is heard together.
      if (delay % 17 === 0) await cluster.settle();
    }
    await cluster.settle();
    expect(alpha.config.revision).toBe(521);
    expect(await cluster.agree()).toBe(true);
    expect((await alpha.log()).length, 'the log was written anew').toBeLessThan(60_000);
    expect(await beta.disk.list('/var/lib/keelson/config/history')).toEqual(['00000001.log']);

    cluster.stop(beta);
    await cluster.pass(60_000);
    await cluster.start(beta);
    await cluster.pass(10_000);
    const { entries, more } = await cluster.told(beta, 'config.history', { limit: 1000 });
    // One more than those: alpha went on alone meanwhile.
    expect([entries.length, more]).toEqual([522, false]);
    expect(entries.at(-1)).toMatchObject({ revision: 1, what: 'the cluster was formed' });
    const early = await cluster.told(beta, 'config', { revision: 3 });
    expect(early.config['resources']).toEqual({ 'drbd-main': { startDelay: 2000 } });
  }, 60_000);
});

describe('restoring a revision', () => {
  test('brings back what was asked for, the same on both nodes, and says what stays', async () => {
    const cluster = await ConfiguredCluster.formed();
    const { alpha, beta } = cluster;
    await cluster.setDelay(alpha, 1000);
    await cluster.setDelay(alpha, 9000);

    const dry = await cluster.told(beta, 'config.restore', { revision: 2, dryRun: true });
    expect(dry).toMatchObject({ from: 2, revision: 3, dryRun: true });
    expect(dry.restored).toEqual([
      { kind: 'changed', path: 'resources.drbd-main.startDelay', before: '9000', after: '1000' },
    ]);
    expect(beta.config.revision).toBe(3);

    const done = await cluster.told(beta, 'config.restore', { revision: 2 });
    expect(done).toMatchObject({ from: 2, revision: 4, dryRun: false, restored: dry.restored, kept: [] });
    for (const node of cluster.nodes) {
      expect(node.config.revision).toBe(4);
      expect(node.config.resources).toEqual({ 'drbd-main': { startDelay: 1000 } });
    }
    expect(await cluster.agree()).toBe(true);
    const { entries } = await cluster.told(alpha, 'config.history', { limit: 1 });
    expect(entries).toMatchObject([{ revision: 4, what: 'config.restore of revision 2' }]);
    const again = await cluster.told(alpha, 'config.restore', { revision: 2 });
    expect(again).toMatchObject({ revision: 4, restored: [] });
  });

  test('that would take data out of service is refused, unless the operator insists', () => {
    const san = San.serving();
    const { config } = san.alpha.store;
    // As if both nodes had been in standby once.
    const nodes = Object.fromEntries(
      Object.entries(config.nodes).map(([name, node]) => [name, { ...node, standby: true as const }]),
    );
    const request = { revision: 2, intent: { ...intentOf(config), nodes } };
    const answers: Result<unknown>[] = [];
    const ask = (more: object): void =>
      san.alpha.request('config.restore', { ...request, ...more }, (answer) => answers.push(answer));
    ask({});
    ask({ dryRun: true });
    san.for(SECOND);
    expect(answers).toMatchObject([
      { ok: false, failure: { code: 'data_would_stop' } },
      { ok: true, value: { dryRun: true, revision: config.revision, restored: [{}, {}] } },
    ]);
    expect(san.alpha.kernel.serves('data')).toBe(true);

    ask({ force: true });
    san.eventually('it is accepted', () => answers.length === 3);
    expect(answers[2]).toMatchObject({ ok: true, value: { revision: config.revision + 1 } });
    san.eventually('both nodes are in standby', () => !san.alpha.kernel.serves('data'));
    expect(Object.keys(san.alpha.store.config.luns)).toEqual(['data']);
  });
});
