import type { LunView, SnapshotView } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import type { StorageNodeName } from '../lab/topology.ts';

/** Each in a line: initiator, LUN number, 1 where it cannot write, serial, bytes of the device that it leads to. */
const MAPPED = `set -e
cd /sys/kernel/config/target/iscsi
for mapped in */tpgt_1/acls/*/lun_*; do
  [ -d "$mapped" ] || continue
  initiator=\${mapped%/*}
  for link in "$mapped"/*; do [ -L "$link" ] && lun=$(readlink -f "$link"); done
  for link in "$lun"/*; do [ -L "$link" ] && store=$(readlink -f "$link"); done
  serial=$(sed -n 's/.*Serial Number: *//p' "$store/wwn/vpd_unit_serial")
  bytes=$(blockdev --getsize64 "$(cat "$store/udev_path")")
  echo "\${initiator##*/} \${mapped##*/lun_} $(cat "$mapped/write_protect") $serial $bytes"
done`;

const SERIALS = `sed -n 's/.*Serial Number: *//p' /sys/kernel/config/target/core/iblock_*/*/wwn/vpd_unit_serial`;
const VOLUMES = `lvs --noheadings --nosuffix --units b --separator ' ' --options lv_name,lv_size,pool_lv --devices /dev/drbd0 --select 'segtype!=thin-pool'`;

/** What one list has and the other lacks, in words. */
function differences(what: string, wanted: readonly string[], found: readonly string[]): readonly string[] {
  return [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `${what} lacks: ${line}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `${what} has, and nobody asked: ${line}`),
  ];
}

const inOrder = (sizes: readonly number[]): string => [...sizes].sort((one, other) => one - other).join(', ');

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .filter((line) => line !== '')
    .sort();

/** Where LVM's metadata and LIO on the node that serves are not what the API says of the LUNs. */
export async function differencesInKernel(
  lab: Lab,
  node: StorageNodeName,
  luns: readonly LunView[],
  snapshots: readonly SnapshotView[],
  initiatorsOf: (host: string) => readonly string[],
): Promise<readonly string[]> {
  const found = async (script: string): Promise<readonly string[]> =>
    linesOf(await lab.node(node).demand(script, { timeout: 300_000 }));
  const mapped = luns.flatMap(({ hosts, readOnlyHosts = [], number, serial, size }) =>
    hosts.flatMap((host) =>
      initiatorsOf(host).map(
        (initiator) => `${initiator} ${number} ${readOnlyHosts.includes(host) ? 1 : 0} ${serial} ${size}`,
      ),
    ),
  );
  const all = await found(VOLUMES);
  const volumes = all.filter((line) => !/^keelson[-_]/.test(line));
  // Which volume is whose is Keelson's own affair.
  const sizes = all.flatMap((line) => /^keelson_snap_\S+ (\d+)/.exec(line)?.slice(1) ?? []);
  return [
    ...differences('LIO', mapped, await found(MAPPED)),
    ...differences(
      'LIO',
      luns.map(({ serial }) => serial),
      await found(SERIALS),
    ),
    ...differences(
      'LVM',
      luns.map(({ name, size, thin }) => `${name} ${size}${thin === true ? ' thin' : ''}`),
      volumes.map((line) => line.replace(/^(\S+ \S+) \S+$/, '$1 thin')),
    ),
    ...differences(
      'LVM',
      [`snapshots of ${inOrder(snapshots.map(({ size }) => size))}`],
      [`snapshots of ${inOrder(sizes.map(Number))}`],
    ),
  ];
}
