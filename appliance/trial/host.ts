import { linux } from '../../src/api/connect-info/linux.ts';
import type { ConnectInfo } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames } from '../lab/topology.ts';
import { clientName, initiator, portals, targetName } from './cluster-file.ts';
import type { San } from './san.ts';

/** iscsiadm(8): there is a session to this portal already. */
const SESSION_EXISTS = 15;

type Told = ConnectInfo['linux'];

/** What Keelson would say of the lab's targets, for stacks that say nothing. */
const toldOfItself = (): Told =>
  linux({
    host: { name: clientName, initiators: [initiator], luns: [], loggedIn: [] },
    targets: [{ iqn: targetName, portals: portals.map((address) => `${address}:3260`) }],
    luns: [],
  });

/** Logs the host in as it was told to, and waits for its multipath device; returns the device's path. May be repeated. */
export async function attachLun(lab: Lab, wwid: string, told: Told = toldOfItself()): Promise<string> {
  const client = lab.node('client');
  const logins = told.commands
    .filter((command) => command.startsWith('iscsiadm '))
    .map((command) => `${command} >/dev/null || [ $? = ${SESSION_EXISTS} ]`);
  const script = `
set -eu
${logins.join('\n')}
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

/** What the SAN says that the lab's host has to do. */
export async function toldBy(san: San): Promise<Told> {
  let last = '';
  for (const node of storageNodeNames) {
    const answer = await san
      .call(node, 'GET', `/hosts/${clientName}/connect-info`)
      .catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (answer.status === 200) return (answer.body as ConnectInfo).linux;
    last = `${node} answered ${answer.status}: ${JSON.stringify(answer.body)}`;
  }
  throw new LabError(
    'command-failed',
    `nobody says how the host is to log in: ${last}`,
    'See keelson-api’s log.',
  );
}

/** Logs out of everything, with the multipath devices removed first. */
export async function detachAll(lab: Lab): Promise<void> {
  await lab
    .node('client')
    .run('multipath -F; iscsiadm -m node --logoutall=all; iscsiadm -m node -o delete; true', {
      timeout: 120_000,
    });
}
