import type { Configfs } from '../configfs/configfs.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import type { ReservationPlaces } from '../reservations/places.ts';

/** What a LUN is made of on a node. */
export interface LunWorld {
  readonly configfs: Configfs;
  readonly deviceMapper: DeviceMapper;
  readonly reservations: ReservationPlaces;
}
