import { lower } from '../rules/text.ts';
import type { Draft } from './draft.ts';
import type { Resource } from './resource.ts';
import { report } from './report.ts';

/** What must be given before a resource may start. */
export type Needs = Resource['needs'];

const NOTHING: Needs = { quorum: false, fencing: false, unfencing: false };
const QUORUM: Needs = { quorum: true, fencing: false, unfencing: false };
const FENCING: Needs = { quorum: false, fencing: true, unfencing: false };
const UNFENCING: Needs = { quorum: false, fencing: true, unfencing: true };

function byDefault({ settings }: Draft, isFenceDevice: boolean): Needs {
  if (isFenceDevice) return QUORUM;
  if (settings.unfencingEnabled) return settings.stonithEnabled ? UNFENCING : QUORUM;
  if (settings.stonithEnabled) return FENCING;
  return settings.noQuorumPolicy === 'ignore' ? NOTHING : QUORUM;
}

/**
 * The meta attribute `requires` ("Pacemaker Explained", resource meta-attributes). Fence devices never need fencing
 * unless they ask for it, and nobody can be unfenced where fencing is off.
 */
export function readNeeds(
  draft: Draft,
  id: string,
  value: string | undefined,
  isFenceDevice: boolean,
): Needs {
  const complain = (message: string): void => {
    report(draft.pairs, 'bad_value', `resource '${id}' requires`, message);
  };
  switch (value === undefined ? undefined : lower(value)) {
    case undefined:
      return byDefault(draft, isFenceDevice);
    case 'nothing':
      return NOTHING;
    case 'quorum':
      return QUORUM;
    case 'fencing':
      if (!draft.settings.stonithEnabled) complain('It requires fencing, but fencing is off');
      return FENCING;
    case 'unfencing':
      if (!isFenceDevice && draft.settings.stonithEnabled) return UNFENCING;
      complain(
        isFenceDevice
          ? "A fence device cannot require unfencing; 'quorum' counts"
          : "It requires unfencing, but fencing is off; 'quorum' counts",
      );
      return QUORUM;
    default:
      complain(`'${value ?? ''}' is no value for it; the default counts`);
      return byDefault(draft, isFenceDevice);
  }
}
