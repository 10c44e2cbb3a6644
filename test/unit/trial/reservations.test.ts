import { expect, it } from 'vitest';
import { readHeld } from '../../../appliance/trial/reservations.ts';

it('who has registered, and who holds the LUN, as sg_persist tells it', () => {
  const keys = `  PR generation=0x3, 2 registered reservation keys follow:
    0xb2
    0xa1
`;
  const reservation = `  PR generation=0x3, Reservation follows:
    Key=0xa1
    scope: LU_SCOPE,  type: Write Exclusive
`;
  expect(readHeld(keys + reservation)).toEqual({
    keys: ['0xa1', '0xb2'],
    holder: '0xa1',
    type: 'Write Exclusive',
  });
  const nothing = `  PR generation=0x4, there are NO registered reservation keys
  PR generation=0x4, there is NO reservation held
`;
  expect(readHeld(nothing)).toEqual({ keys: [], holder: undefined, type: undefined });
});
