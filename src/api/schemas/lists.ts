import { z } from 'zod';
import { iqnSchema, nameSchema, snapshotNameSchema } from './names.ts';
import { limitSchema } from './requests.ts';

const nameFilter = z
  .string()
  .regex(/^[a-z0-9-]{0,32}\*?$/, 'must be a name, or the beginning of one and *')
  .meta({ description: 'Only this one; `web*`: all whose names begin with web' });

export const LunFilters = z.strictObject({
  name: nameFilter.optional(),
  pool: nameSchema.optional().meta({ description: 'Of this pool' }),
  target: nameSchema.optional().meta({ description: 'Of this target' }),
  host: nameSchema.optional().meta({ description: 'That this host may use' }),
  state: z.enum(['creating', 'ready', 'deleting']).optional().meta({ description: 'In this state' }),
  servedBy: nameSchema.optional().meta({ description: 'That this node serves now' }),
});

export const SnapshotFilters = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9@._:-]{0,97}\*?$/, 'must be a name, or the beginning of one and *')
    .optional()
    .meta({ description: 'Only this one; `db@nightly*`: all whose names begin with db@nightly' }),
  lun: nameSchema.optional().meta({ description: 'Of this LUN' }),
  pool: nameSchema.optional().meta({ description: 'Of this pool' }),
  state: z.enum(['creating', 'ready', 'deleting']).optional().meta({ description: 'In this state' }),
});

export const HostFilters = z.strictObject({
  name: nameFilter.optional(),
  initiator: iqnSchema.optional().meta({ description: 'That has this initiator' }),
  lun: nameSchema.optional().meta({ description: 'That may use this LUN' }),
  loggedIn: z.boolean().optional().meta({ description: 'That is logged in now, or is not' }),
});

export const TargetFilters = z.strictObject({
  name: nameFilter.optional(),
  pool: nameSchema.optional().meta({ description: 'Of this pool' }),
});

export const PoolFilters = z.strictObject({ name: nameFilter.optional() });

/** As the engine is asked; in an address the place in the list is hidden in `cursor`. */
const page = { after: nameSchema.optional(), limit: limitSchema.optional() };

export const LunList = LunFilters.extend(page);
export const SnapshotList = SnapshotFilters.extend({ ...page, after: snapshotNameSchema.optional() });
export const HostList = HostFilters.extend(page);
export const TargetList = TargetFilters.extend(page);
export const PoolList = PoolFilters.extend(page);
