import type { PlantedBug } from '../planted-bug.ts';

/** Snapshots, and LUNs that go back to one. */
export const bugsOfSnapshots: readonly PlantedBug[] = [
  {
    name: 'rolled-back-while-exported',
    why: 'The new volume of a LUN that is rolled back is made at once, because the LUN is to be stopped anyway.',
    expected: 'S5',
    edits: [
      {
        file: 'blueprint/snapshots.ts',
        from: '...(rollback && { stopped: lunOf(of) }),',
        to: '',
      },
    ],
  },
  {
    name: 'rollback-keeps-the-wrong-volume',
    why: 'What a rollback keeps is taken to be in the volume that was made for it, where it stood until then.',
    expected: 'sequence',
    edits: [
      {
        file: 'config/rollback.ts',
        from: 'volume: volumeOf(lun),',
        to: 'volume: kept.volume,',
      },
    ],
  },
];
