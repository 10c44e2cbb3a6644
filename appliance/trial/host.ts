import type { Lab } from '../lab/lab.ts';
import { portals, targetName } from './cluster-file.ts';

/** Logs the host in through both portals and waits for its multipath device; returns the device's path. May be repeated. */
export async function attachLun(lab: Lab, wwid: string): Promise<string> {
  const client = lab.node('client');
  const script = `
set -eu
for portal in ${portals.join(' ')}; do
  iscsiadm -m discovery -t sendtargets -p "$portal" >/dev/null
done
for portal in ${portals.join(' ')}; do
  iscsiadm -m session 2>/dev/null | grep -q "$portal:3260" || iscsiadm -m node -T ${targetName} -p "$portal" --login >/dev/null
done
iscsiadm -m session --rescan >/dev/null
multipath >/dev/null || true
for attempt in $(seq 60); do
  name=$(multipath -l -v1 ${wwid} 2>/dev/null || true)
  paths=$(multipath -ll ${wwid} 2>/dev/null | grep -c ' ready ' || true)
  if [ -n "$name" ] && [ "$paths" = 2 ]; then echo "/dev/mapper/$name"; exit 0; fi
  sleep 1
done
echo "the host sees $paths paths of ${wwid}" >&2
multipath -ll >&2
exit 1`;
  return (await client.demand(script, { timeout: 180_000 })).trim();
}

/** Logs out of everything, with the multipath devices removed first. */
export async function detachAll(lab: Lab): Promise<void> {
  await lab
    .node('client')
    .run('multipath -F; iscsiadm -m node --logoutall=all; iscsiadm -m node -o delete; true', {
      timeout: 120_000,
    });
}
