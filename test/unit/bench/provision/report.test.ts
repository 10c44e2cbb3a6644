import { expect, test } from 'vitest';
import { percentile, timed, type Provisioned } from '../../../../appliance/bench/provision/creates.ts';
import { createScript } from '../../../../appliance/bench/provision/pacemaker.ts';
import { lastLine, markdownReport, textReport } from '../../../../appliance/bench/provision/report.ts';

const keelson: Provisioned = {
  stack: 'keelson',
  oneByOne: { each: [1000, 3000, 2000], total: 6000, luns: 3 },
  together: { each: [2000, 2000, 2000], total: 2000, luns: 3 },
};
const pacemaker: Provisioned = {
  stack: 'pacemaker',
  oneByOne: { each: [40_000, 30_000, 50_000], total: 120_000, luns: 3 },
  together: { each: [], total: 60_000, luns: 3 },
};

test('a percentile is a value that was measured: so many are not above it', () => {
  expect([0.5, 0.99, 1].map((share) => percentile([4, 1, 3, 2], share))).toEqual([2, 4, 4]);
  expect(percentile([], 0.5)).toBeNaN();
});

test('each create is timed by itself, in turn', async () => {
  const asked: number[] = [];
  const creates = await timed([2, 3], (lun) => Promise.resolve(asked.push(lun)));
  expect(asked).toEqual([2, 3]);
  expect(creates).toMatchObject({ each: [1, 2], luns: 2 });
});

test('the last line claims what was measured, and nothing of a stack that was not run', () => {
  expect(lastLine([keelson, pacemaker])).toBe(
    'provision: one create takes 2.0 s (median of 3), 1.5 LUNs a second at once; 20 x and 30 x faster than pacemaker',
  );
  expect(lastLine([keelson])).toContain('pacemaker was not run');
  expect(lastLine([pacemaker])).toBe('provision: keelson was not run');
});

test('both tables end with the same claim; what was not timed has no number', () => {
  for (const text of [
    textReport([keelson, pacemaker], 8),
    markdownReport([keelson, pacemaker], 8, 'npm run bench:provision --'),
  ]) {
    expect(text).toContain(lastLine([keelson, pacemaker]));
    expect(text).not.toContain('NaN');
  }
});

test('Pacemaker gets volumes and resources in one go, at the end of the group, and is waited for', () => {
  const facts = {
    nodes: [],
    drbdResource: 'pool1',
    volumeGroup: 'keelson_pool1',
    iqn: 'iqn.2026-11.com.example:tank',
    initiator: 'iqn.2026-11.com.example:client',
    networks: [],
  };
  const script = createScript(facts, [2, 3]);
  expect(script.match(/lvcreate/g)).toHaveLength(2);
  expect(script).toContain('crm --force --wait configure');
  expect(script).toContain('lun=1 path=/dev/keelson_pool1/lun-0002');
  expect(script).toContain('modgroup target-1 add lun-0002 lun-0003\ncommit');
});
