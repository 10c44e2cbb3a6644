import { defineConfig } from 'vitest/config';

/** One project per kind of test; `test/README.md` says what each needs. */
const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('scenario', 10_000),
      project('simulation', 120_000),
      project('cluster', 120_000),
      project('lab', 1_800_000),
    ],
  },
});
