import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { startEngines, type EngineCluster } from './engine-cluster.ts';
import { stories } from './stories/index.ts';

/** Milliseconds; every wait within a story has its own, shorter limit. */
const STORY_LIMIT = 600_000;
const REPORTS = join(import.meta.dirname, '../../../build/reports');

/** All stories, or those of `npm test`. */
const isChosen = (quick: readonly number[], count: number): boolean =>
  process.env['KEELSON_CLUSTER_STORIES'] === 'all' || quick.includes(count);

/** One cluster for all stories of a size; after a story that failed, a new one. */
export function tellStories(count: number): void {
  let cluster: EngineCluster | undefined;

  async function close(): Promise<void> {
    const ending = cluster;
    cluster = undefined;
    await ending?.close();
  }

  afterAll(close, STORY_LIMIT);

  describe(`${count} nodes`, () => {
    for (const story of stories) {
      if (!story.nodes.includes(count) || !isChosen(story.quick, count)) continue;
      test(story.name, { timeout: STORY_LIMIT }, async () => {
        try {
          cluster ??= await startEngines(count);
          await cluster.well();
          await story.tell(cluster);
          await cluster.well();
        } catch (error) {
          const report = writeReport(`${count} ${story.name}`, error, await cluster?.account());
          await close();
          throw new Error(`${(error as Error).message}\nThe nodes' logs: ${report}`, { cause: error });
        }
      });
    }
  });
}

function writeReport(name: string, error: unknown, account = ''): string {
  mkdirSync(REPORTS, { recursive: true });
  const path = join(REPORTS, `cluster ${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.txt`);
  writeFileSync(path, `${String((error as Error).stack)}\n\n${account}`);
  return path;
}
