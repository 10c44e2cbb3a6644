import { expect, test } from 'vitest';
import type { CmapLibrary } from '../../../src/platform/corosync/cmap-library.ts';
import { createStatistics } from '../../../src/platform/corosync/statistics.ts';

const OK = 1;
const LIBRARY_FAILED = 2;

/** libcmap as it is called before anything is watched; what it was told to finalize, in order. */
function libraryThat(answers: { readonly initialize: number; readonly track: number }): {
  readonly library: CmapLibrary;
  readonly finalized: (bigint | number)[];
} {
  const finalized: (bigint | number)[] = [];
  return {
    finalized,
    library: {
      registerNotify: () => 1n,
      initialize: (handle) => {
        handle[0] = 4711n;
        return answers.initialize;
      },
      finalize: (handle) => {
        finalized.push(handle);
        return OK;
      },
      track: () => answers.track,
      get: () => OK,
      descriptor: () => OK,
      dispatch: () => OK,
    },
  };
}

const listener = { changed: () => undefined, died: () => undefined };

test.each([
  ['between the connection and the choice of the map', { initialize: LIBRARY_FAILED, track: OK }],
  ['while its numbers are asked for', { initialize: OK, track: LIBRARY_FAILED }],
])('where Corosync ends %s, the connection is given back', (_, answers) => {
  const { library, finalized } = libraryThat(answers);
  const refused = createStatistics(library, listener).open(['stats.schedmiss.0.timestamp']);
  expect(refused?.error).toContain('cmap');
  expect(finalized).toEqual([4711n]);
});
