import { describe, expect, test } from 'vitest';
import { aheadOf } from '../../../../appliance/bench/failover/clock.ts';
import { parseJournal } from '../../../../appliance/bench/failover/journal.ts';
import { pacemakerSigns } from '../../../../appliance/bench/failover/pacemaker/signs.ts';
import {
  byOtherClock,
  endOfLongestGap,
  firstFrom,
  hostSigns,
  milestonesOf,
} from '../../../../appliance/bench/failover/phases.ts';
import { readLog } from '../../../../appliance/trial/writer.ts';

const journal = `1700000100.000001 san-b pacemaker-controld[611]:  notice: Result of start operation for address-1-1 on san-a: ok
1700000109.500000 san-b pacemaker-attrd[609]:  notice: Node san-a state is now lost
1700000109.700000 san-b pacemaker-controld[611]:  notice: Node san-a state is now lost
1700000131.250000 san-b pacemaker-controld[611]:  notice: Peer san-a was not terminated (reboot) by san-b on behalf of pacemaker-controld.611: Timer expired
1700000151.250000 san-b pacemaker-controld[611]:  notice: Peer san-a was terminated (reboot) by san-b on behalf of pacemaker-controld.611@san-b: OK
1700000160.000000 san-b pacemaker-controld[611]:  notice: Result of notify operation for drbd on san-b: ok
1700000163.000000 san-b pacemaker-controld[611]:  notice: Result of promote operation for drbd on san-b: ok
1700000170.000000 san-b pacemaker-controld[611]:  notice: Result of start operation for volumes on san-b: ok
1700000175.000000 san-b pacemaker-controld[611]:  notice: Result of start operation for iqn-1 on san-b: ok
1700000190.000000 san-b pacemaker-controld[611]:  notice: Result of start operation for lun-0001 on san-b: ok
1700000205.000000 san-b pacemaker-controld[611]:  notice: Result of start operation for lun-0002 on san-b: ok
1700000206.000000 san-b pacemaker-controld[611]:  notice: Result of monitor operation for lun-0002 on san-b: ok
1700000208.000000 san-b pacemaker-controld[611]:  notice: Result of start operation for address-1-1 on san-b: ok
1700000210.500000 san-b pacemaker-controld[611]:  notice: Result of start operation for address-1-2 on san-b: ok
-- Boot 4d5b --
`;

describe('what the machines say of a failover', () => {
  test('Pacemaker’s journal tells the phases of the taker, and nothing of before or of others', () => {
    const lines = parseJournal(journal);
    expect(lines).toHaveLength(14);
    const { taker } = pacemakerSigns('san-b', 'san-a');
    expect(milestonesOf(lines, taker)).toEqual({
      noticed: 1_700_000_109_500,
      fenced: 1_700_000_151_250,
      promoted: 1_700_000_163_000,
      activated: 1_700_000_170_000,
      exported: 1_700_000_205_000,
      addressed: 1_700_000_208_000,
    });
  });

  test('the node that lets go tells of it itself', () => {
    const said =
      '1700000100.5 san-a pacemaker-controld[1]:  notice: Result of demote operation for drbd on san-a: ok';
    const { other } = pacemakerSigns('san-b', 'san-a');
    expect(milestonesOf(parseJournal(said), other)).toEqual({ released: 1_700_000_100_500 });
  });

  test('the host is logged in again with the first of its paths', () => {
    const said = `1700000211.0 client iscsid[301]: connection2:0 is operational after recovery (3 attempts)
1700000214.0 client iscsid[301]: connection1:0 is operational after recovery (4 attempts)`;
    expect(milestonesOf(parseJournal(said), hostSigns)).toEqual({ loggedIn: 1_700_000_211_000 });
  });

  test('moments of a clock that is ahead are earlier by this machine’s', () => {
    expect(byOtherClock({ fenced: 5000, written: 9000 }, 1500)).toEqual({ fenced: 3500, written: 7500 });
    expect(
      aheadOf([
        { asked: 1000, said: 2600, answered: 2000 },
        { asked: 3000, said: 4010, answered: 3020 },
        { asked: 5000, said: 6500, answered: 5900 },
      ]),
    ).toBe(1000);
  });
});

describe('what the host’s fio says', () => {
  const log = [
    '1000, 400, 1, 4096, 0, 0',
    '1050, 400, 1, 4096, 4096, 0',
    '4050, 400, 1, 4096, 8192, 0',
    '4060, 1',
    '',
  ];

  test('the moments of all writes, and the longest time between two', () => {
    expect(readLog(log.join('\n'), 2)).toEqual({
      writes: 4,
      errors: 2,
      longestGap: 3000,
      completed: [1000, 1050, 4050, 4060],
    });
    expect(readLog('', 0)).toEqual({ writes: 0, errors: 0, longestGap: 0, completed: [] });
  });

  test('the first write after fencing, and the end of the longest gap after an order', () => {
    const moments = [1000, 5000, 5050, 8050, 8100, 9100];
    expect(firstFrom(moments, 5051)).toBe(8050);
    expect(firstFrom(moments, 9101)).toBeUndefined();
    expect(endOfLongestGap(moments, 5020)).toBe(8050);
    expect(endOfLongestGap(moments, 500)).toBe(5000);
    expect(endOfLongestGap([], 0)).toBeUndefined();
  });
});
