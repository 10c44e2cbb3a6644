import { readFileSync } from 'node:fs';
import { boardPasswordFile } from '../../lab/bmc/board.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabMachine } from '../../lab/node.ts';
import { storageNodeNames } from '../../lab/topology.ts';
import { otherThan, primaryOf } from '../../trial/failover.ts';
import type { Scenario } from './scenario.ts';

/** Milliseconds: some fifty programs, under emulation. */
const COLLECTED = 300_000;
/** What a node of two without a witness does not have, and what only the one that serves has. */
const NOT_HERE: readonly string[] = ['corosync/qdevice.txt'];
const OF_SERVING: readonly string[] = ['target/links.txt'];
const ARCHIVE = '/root/report.tar.gz';

const GUEST = {
  name: 'guest',
  initiators: ['iqn.2026-11.com.example:guest'],
  chap: { username: 'guest', secret: 'guest-says-this' },
  mutualChap: { username: 'keelson', secret: 'target-says-it' },
};

interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly reason?: string;
}

/** What is missing in an archive that is written now, and should be there. */
async function missing(node: LabMachine, serves: boolean): Promise<readonly Entry[]> {
  await node.demand(`rm -f ${ARCHIVE}`);
  const told = await node.demand(['keelson', 'report', '--json', '--output', ARCHIVE], {
    timeout: COLLECTED,
  });
  const { entries } = JSON.parse(told) as { readonly entries: readonly Entry[] };
  const notHere = serves ? NOT_HERE : [...NOT_HERE, ...OF_SERVING];
  return entries.filter(({ name, bytes }) => bytes === 0 && !notHere.includes(name));
}

const inWords = (entries: readonly Entry[]): string =>
  entries.map(({ name, reason = '' }) => `${name} (${reason})`).join('; ');

/** Files of the archive that hold one of the secrets, which are of the node, of the boards, and of a host. */
async function leaks(lab: Lab, node: LabMachine): Promise<readonly string[]> {
  const boards = storageNodeNames.map((name) =>
    readFileSync(boardPasswordFile(lab.settings, name), 'utf8').trim(),
  );
  const given = [...boards, GUEST.chap.secret, GUEST.mutualChap.secret];
  const found = await node.run(
    `set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder" ${ARCHIVE}' EXIT
mkdir "$folder/report"
tar --extract --gzip --file ${ARCHIVE} --directory "$folder/report"
{ cat /etc/keelson/token; echo; sed -n 's/.*shared-secret *"\\{0,1\\}\\([^";]*\\).*/\\1/p' /etc/drbd.d/keelson-*.res; cat; } | grep . >"$folder/secrets"
[ "$(grep -c . "$folder/secrets")" -ge ${given.length + 2} ] || { echo 'not all secrets are known'; exit 1; }
if grep --recursive --text --files-with-matches --fixed-strings --file="$folder/secrets" "$folder/report"; then exit 1; fi
grep --recursive --quiet 'secret removed' "$folder/report"`,
    { input: given.join('\n') },
  );
  return found.exitCode === 0 ? [] : [`${node.name}: ${found.stdout}${found.stderr}`];
}

/** The report of both nodes, and of one whose API does not answer. */
export const report: Scenario = {
  name: 'report',
  what: 'both nodes write a report: nothing is missing in it, and no secret is in it; and one without its API',
  run: async (lab, san) => {
    const wrong: string[] = [];
    const serving = await primaryOf(san);
    const { status } = await san.call(serving, 'POST', '/hosts', GUEST);
    if (status >= 300) wrong.push(`POST /hosts answered ${status}`);
    for (const name of storageNodeNames) {
      const node = lab.node(name);
      const gone = await missing(node, name === serving);
      if (gone.length > 0) wrong.push(`${name}: missing ${inWords(gone)}`);
      wrong.push(...(await leaks(lab, node)));
    }
    const mirroring = lab.node(otherThan(serving));
    await mirroring.demand('systemctl stop keelson-api');
    try {
      const gone = await missing(mirroring, false);
      const others = gone.filter(({ name }) => !name.startsWith('cluster/'));
      if (gone.length === others.length) wrong.push('without its API nothing of the cluster is missing');
      if (others.length > 0) wrong.push(`without its API: missing ${inWords(others)}`);
      wrong.push(...(await leaks(lab, mirroring)));
    } finally {
      await mirroring.demand('systemctl start keelson-api');
    }
    await san.call(serving, 'DELETE', `/hosts/${GUEST.name}`);
    return { wrong, told: 'both nodes, and one without its API' };
  },
};
