import type { NodeView } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import { fenceKinds, type FenceKind, type LabFencing } from './cluster-file.ts';
import type { San } from './san.ts';

/** By what the cluster's nodes are fenced, the first level first; all alike, as the lab forms them. */
export async function levelsOf(san: San): Promise<LabFencing> {
  const nodes = (await san.call('san-a', 'GET', '/nodes')).body as readonly NodeView[];
  const [kinds = [], ...others] = nodes.map(({ fenceDevices }) =>
    fenceDevices
      .toSorted((one, other) => one.level - other.level)
      .flatMap((device): readonly FenceKind[] => fenceKinds.filter((kind) => kind === device.kind)),
  );
  if (others.every((other) => other.join() === kinds.join())) return kinds;
  throw new LabError(
    'command-failed',
    'the nodes of the lab are fenced differently',
    'Take new disks (--fresh).',
  );
}

/** What is to be shown of some fence devices is shown of nothing where others do it. */
export async function demandFencing(san: San, fencing: LabFencing): Promise<void> {
  const kinds = await levelsOf(san);
  if (kinds.join() === fencing.join()) return;
  throw new LabError(
    'command-failed',
    `the lab's cluster is fenced by ${kinds.join(', ')}, not by ${fencing.join(', ')}`,
    'Take new disks (--fresh), or another lab (KEELSON_LAB_NAME).',
  );
}
