import { expect, test } from 'vitest';
import { readMultipath } from '../../../appliance/trial/multipath.ts';

const path = (dm: string, checker: string) => ({ dev: 'sda', dm_st: dm, dev_st: 'running', chk_st: checker });

const SAID = JSON.stringify({
  major_version: 0,
  maps: [
    {
      name: 'mpatha',
      uuid: '36001405aa',
      path_groups: [{ dm_st: 'active', paths: [path('active', 'ready'), path('active', 'ready')] }],
    },
    {
      name: 'mpathb',
      uuid: '36001405bb',
      path_groups: [{ paths: [path('failed', 'faulty')] }, { paths: [path('active', 'ready')] }],
    },
  ],
});

test('of each device the daemon tells its paths, and those that work are counted', () => {
  expect(readMultipath(SAID)).toEqual([
    { wwid: '36001405aa', name: 'mpatha', ready: 2, paths: 2 },
    { wwid: '36001405bb', name: 'mpathb', ready: 1, paths: 2 },
  ]);
});

test('a host without devices has none', () => {
  expect(readMultipath('{"maps": []}')).toEqual([]);
});
