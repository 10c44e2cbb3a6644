import { defineConfig } from 'vitest/config';

/**
 * One project per kind of test; `test/README.md` says what each needs. The timeouts (ms) end what hangs, and judge nothing:
 * a machine that is busy with other work takes many times as long.
 */
const project = (name: string, testTimeout: number, files = `test/${name}/**/*.test.ts`) => ({
  test: { name, include: [files], testTimeout, hookTimeout: testTimeout },
});

/** Its files mostly wait, for Corosync and for timeouts: side by side even where there are fewer processors. */
const engine = project('cluster-engine', 600_000, 'test/cluster/engine/*.test.ts');
const clusterEngine = { test: { ...engine.test, maxWorkers: 3 } };

export default defineConfig({
  test: {
    projects: [
      project('unit', 60_000),
      project('scenario', 60_000),
      project('fencing', 120_000),
      project('simulation', 120_000),
      project('cluster', 120_000, 'test/cluster/*.test.ts'),
      clusterEngine,
      project('lab', 1_800_000),
      project('setup', 1_800_000),
    ],
  },
});
