import { describe, expect, test } from 'vitest';
import { bytesOfLun, diskFor, lunName } from '../../../../appliance/bench/failover/luns.ts';
import {
  crmConfiguration,
  serialOf,
  targetsOf,
  volumeScript,
  type ClusterFacts,
} from '../../../../appliance/bench/failover/pacemaker/configuration.ts';
import { isWhole, promotedNode, readState } from '../../../../appliance/bench/failover/pacemaker/state.ts';

const facts: ClusterFacts = {
  nodes: [
    { name: 'san-a', board: '10.77.0.201', username: 'admin', password: 'secret-a' },
    { name: 'san-b', board: '10.77.0.202', username: 'admin', password: 'secret-b' },
  ],
  drbdResource: 'pool1',
  volumeGroup: 'keelson_pool1',
  iqn: 'iqn.2026-11.com.example:keelson',
  initiator: 'iqn.2026-11.com.example:client',
  networks: [
    { interfaceName: 'stora0', prefix: '10.77.3' },
    { interfaceName: 'storb0', prefix: '10.77.4' },
  ],
};
const linesOf = (luns: number): readonly string[] => crmConfiguration(facts, luns).split('\n');
const lineOf = (luns: number, start: string): string | undefined =>
  linesOf(luns).find((line) => line.startsWith(start));

describe('Pacemaker’s configuration', () => {
  test('a target is a group: the target, its LUNs, and its addresses last', () => {
    expect(lineOf(3, 'group ')).toBe(
      'group target-1 iqn-1 lun-0001 lun-0002 lun-0003 address-1-1 address-1-2',
    );
  });

  test('the host is let in at the target, where targetcli maps every LUN to it', () => {
    expect(lineOf(3, 'primitive iqn-1 ')).toContain(`allowed_initiators="${facts.initiator}"`);
    expect(linesOf(3).filter((line) => line.includes('allowed_initiators'))).toHaveLength(1);
  });

  test('a LUN has its volume, its number and a serial that stays', () => {
    const line = lineOf(3, 'primitive lun-0003 ');
    expect(line).toContain('implementation=lio-t');
    expect(line).toContain('lun=2 path=/dev/keelson_pool1/lun-0003');
    expect(line).toContain(`scsi_sn=${serialOf(3)} `);
    // LIO makes the WWN of the first 25 hexadecimal digits.
    expect(serialOf(3)).toMatch(/^[0-9a-f]{25}$/);
    expect(new Set(Array.from({ length: 500 }, (_, lun) => serialOf(lun + 1))).size).toBe(500);
  });

  test('each node is fenced by its board, and never asks its own', () => {
    expect(lineOf(1, 'primitive fence-san-b ')).toContain('ip=10.77.0.202');
    expect(lineOf(1, 'primitive fence-san-b ')).toContain('pcmk_host_list=san-b');
    expect(lineOf(1, 'location fence-san-b')).toBe('location fence-san-b-elsewhere fence-san-b -inf: san-b');
  });

  test('targetcli maps no number above 255: 500 LUNs need two targets, with addresses of their own', () => {
    const targets = targetsOf(facts, 500);
    expect(targets.map(({ luns }) => [luns[0], luns.at(-1)])).toEqual([
      [1, 250],
      [251, 500],
    ]);
    expect(targets.map(({ iqn }) => iqn)).toEqual([facts.iqn, `${facts.iqn}-2`]);
    expect(targets.flatMap(({ addresses }) => addresses.map(({ address }) => address))).toEqual([
      '10.77.3.100',
      '10.77.4.100',
      '10.77.3.101',
      '10.77.4.101',
    ]);
    expect(lineOf(500, 'primitive lun-0251 ')).toContain('lun=0 ');
    expect(targetsOf(facts, 250)).toHaveLength(1);
  });

  test('volumes are made where they are missing', () => {
    expect(volumeScript('vg', [2, 3]).split('\n')).toEqual([
      expect.stringMatching(
        /^\[ -e \/dev\/vg\/lun-0002 \] \|\| lvcreate .* --name lun-0002 --size 4194304b vg /,
      ),
      expect.stringContaining('lun-0003'),
    ]);
  });
});

describe('room', () => {
  test('the host writes on the first LUN for the longest failover and more', () => {
    expect(bytesOfLun(1) / 4096 / 20).toBeGreaterThan(50 * 60);
    expect(lunName(500)).toBe('lun-0500');
  });

  test('the disk takes all LUNs, and no more than it must', () => {
    expect(diskFor(1)).toBe(1024);
    const all = Array.from({ length: 500 }, (_, lun) => bytesOfLun(lun + 1)).reduce(
      (sum, size) => sum + size,
    );
    expect(diskFor(500) * 1024 * 1024).toBeGreaterThan(all);
    expect(diskFor(500)).toBeLessThan(2560);
  });
});

/** As Pacemaker 2.1.5 writes it, with what the bench does not read left out. */
const report = (node: string, failures = ''): string => `<pacemaker-result api-version="2.25">
  <nodes>
    <node name="san-a" id="1" online="true" standby="${node === 'san-b'}" maintenance="false" pending="false" unclean="false" is_dc="false" type="member"/>
    <node name="san-b" id="2" online="true" standby="false" maintenance="false" pending="false" unclean="false" is_dc="true" type="member"/>
  </nodes>
  <resources>
    <resource id="volumes" resource_agent="ocf:heartbeat:LVM-activate" role="Started" active="true" nodes_running_on="1">
      <node name="${node}" id="1" cached="true"/>
    </resource>
    <group id="target-1" number_resources="2" managed="true" disabled="false">
      <resource id="lun-0001" role="Started" active="true" nodes_running_on="1">
        <node name="${node}" id="1" cached="true"/>
      </resource>
      <resource id="lun-0002" role="Stopped" active="false" nodes_running_on="0"/>
    </group>
    <clone id="drbd-clone" multi_state="true">
      <resource id="drbd" role="Promoted" nodes_running_on="1">
        <node name="${node}" id="1" cached="true"/>
      </resource>
      <resource id="drbd" role="Unpromoted" nodes_running_on="1">
        <node name="${node === 'san-a' ? 'san-b' : 'san-a'}" id="2" cached="true"/>
      </resource>
    </clone>
  </resources>
  ${failures}
  <status code="0" message="OK"/>
</pacemaker-result>`;

describe('crm_mon’s report', () => {
  test('says who takes part, and what runs where', () => {
    const state = readState(report('san-a'));
    expect(state.ready).toEqual(['san-a', 'san-b']);
    expect(promotedNode(state)).toBe('san-a');
    expect(isWhole(state, ['volumes', 'lun-0001'])).toBe(true);
    expect(isWhole(state, ['volumes', 'lun-0001', 'lun-0002'])).toBe(false);
    expect(state.failures).toEqual([]);
  });

  test('a node in standby takes no part', () => {
    const state = readState(report('san-b'));
    expect(state.ready).toEqual(['san-b']);
    expect(isWhole(state, ['volumes'])).toBe(false);
  });

  test('tells what failed', () => {
    const failure =
      '<failures><failure op_key="lun-0002_start_0" node="san-a" exitstatus="error" exitcode="1"/></failures>';
    expect(readState(report('san-a', failure)).failures).toEqual(['lun-0002_start_0 on san-a']);
  });
});
