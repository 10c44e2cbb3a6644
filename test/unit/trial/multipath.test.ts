import { expect, it } from 'vitest';
import { readMultipath } from '../../../appliance/trial/multipath.ts';

const SAID = `mpathb (36001405aaaa) dm-1 LIO-ORG,keelson_two
size=16M features='1 queue_if_no_path' hwhandler='1 alua' wp=rw
|-+- policy='service-time 0' prio=50 status=active
| \`- 3:0:0:1 sdc 8:32 active ready running
\`-+- policy='service-time 0' prio=0 status=enabled
  \`- 2:0:0:1 sdb 8:16 failed faulty running
mpatha (36001405bbbb) dm-0 LIO-ORG,keelson_one
size=256M features='1 queue_if_no_path' hwhandler='1 alua' wp=rw
\`-+- policy='service-time 0' prio=50 status=active
  |- 2:0:0:0 sda 8:0  active ready running
  \`- 3:0:0:0 sdd 8:48 active ready running
`;

it('the host’s devices, each with its paths and how many of them work', () => {
  expect(readMultipath(SAID)).toEqual([
    { wwid: '36001405aaaa', name: 'mpathb', ready: 1, paths: 2 },
    { wwid: '36001405bbbb', name: 'mpatha', ready: 2, paths: 2 },
  ]);
  expect(readMultipath('')).toEqual([]);
});
