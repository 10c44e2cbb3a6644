import { success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import { backstore } from '../configfs/places.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { findPlace } from '../lvm-command/volumes.ts';
import { forget, leadKernel, leaveOut, recall } from '../reservations/files.ts';
import { changeMark } from '../reservations/marks.ts';
import type { ReservationPlaces } from '../reservations/places.ts';
import { toldToKernel, type Registration } from '../reservations/registrations.ts';
import type { Mapping } from './mapping.ts';
import { backstoreName, type LunParameters } from './parameters.ts';

/** The kernel ties a registration to a host by all of these; what fits none would wait in it for ever. */
const fits = (
  { iqn, number, initiators }: LunParameters,
  { iqn: target, portalGroup, number: lun, mappedNumber, initiator }: Registration,
): boolean =>
  target === iqn &&
  portalGroup === 1 &&
  lun === number &&
  mappedNumber === number &&
  initiators.includes(initiator);

/** What hosts that see the LUN have registered for it; from now on the kernel writes changes where the other node finds them. */
export async function recallReservations(
  places: ReservationPlaces,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<readonly Registration[]>> {
  const recalled = await recall(places, parameters);
  if (!recalled.ok) return recalled;
  const { registrations, isCopy } = recalled.value;
  const { lun } = parameters;
  if (isCopy) context.log(`LUN ${lun}: its reservations were torn, and are those of the last good copy`);
  await leadKernel(places, parameters);
  const fitting = registrations.filter((registration) => fits(parameters, registration));
  const others = registrations.length - fitting.length;
  if (others > 0) {
    context.log(`LUN ${lun}: ${others} registrations of hosts that do not see it are left out`);
    await leaveOut(places, parameters);
  }
  return success(fitting);
}

/** Before the backstore is linked: later the kernel takes none. It ties each to its host when that is shown the LUN. */
export async function giveReservations(
  configfs: Configfs,
  parameters: LunParameters,
  registrations: readonly Registration[],
): Promise<void> {
  const path = `${backstore(backstoreName(parameters))}/pr/res_aptpl_metadata`;
  for (const registration of registrations) await configfs.write(path, toldToKernel(registration));
}

/** Whoever holds the reservation sees the LUN before all others: from then on it is in force. */
export const holderFirst = (
  mappings: readonly Mapping[],
  registrations: readonly Registration[],
): readonly Mapping[] => {
  const holders = registrations.filter(({ holds }) => holds !== undefined).map(({ initiator }) => initiator);
  const holds = ({ initiator }: Mapping): boolean => holders.includes(initiator);
  return [...mappings.filter(holds), ...mappings.filter((mapping) => !holds(mapping))];
};

export async function forgetReservations(
  deviceMapper: DeviceMapper,
  places: ReservationPlaces,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  if (!(await forget(places, parameters))) return success(undefined);
  const place = await findPlace(deviceMapper, parameters.volumeGroup);
  return place.ok ? changeMark('delete', place.value, parameters.serial, context) : place;
}
