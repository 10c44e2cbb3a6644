import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Family } from '../../../agents/fence-pdu/families.ts';
import { freePort } from './free-port.ts';

/** Whether Debian's SNMP agent (package snmpd) is installed. */
export const canSimulateUnits = spawnSync('sh', ['-c', 'command -v snmpd']).status === 0;

export interface PowerUnit {
  readonly address: string;
  readonly port: number;
  /** Of the outlet with that number, as the unit sees it. */
  state(outlet: number): Promise<'on' | 'off'>;
  rename(outlet: number, name: string): Promise<void>;
  /** From now on orders are taken and nothing happens. */
  jam(): Promise<void>;
  /** From now on orders take effect after this many seconds. */
  delay(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Who may ask the unit; every key is known to this test alone. */
export const secrets = {
  write: 'may-write',
  read: 'may-read',
  user: 'keelson',
  authenticationKey: 'who-are-you-1',
  privacyKey: 'nobody-hears-2',
};

/**
 * What snmpd asks for the unit's tree, for as long as it runs (pass_persist in snmpd.conf(5); what `pass` answers is
 * kept for half a minute). Each line of `tree`, in the order of the OIDs, is one cell: OID, type, value. An order takes
 * effect through the lines of `effects`.
 */
const script = (folder: string): string => `cd '${folder}' || exit 1
cell() {
  awk -v how="$1" -v asked="\${2#.}" '
    function isAfter(one, other, a, b, i, m, n) {
      m = split(one, a, "."); n = split(other, b, ".")
      for (i = 1; i <= m && i <= n; i++) if (a[i] != b[i]) return a[i] + 0 > b[i] + 0
      return m > n
    }
    how == "get" ? $1 == asked : isAfter($1, asked) {
      print "." $1; print $2; $1 = $2 = ""; sub(/^ */, ""); print; found = 1; exit
    }
    END { if (!found) print "NONE" }' tree
}
order() {
  read -r delay < delay
  sleep "$delay"
  flock lock sh -c 'awk "$0" order="$1" effects tree > tree.new && mv tree.new tree' '
    FILENAME == "effects" { if ($1 == order) { oid = $2; value = $3 }; next }
    $1 == oid { $3 = value }
    { print }' "$1"
}
while read -r question; do
  case "$question" in
    PING) echo PONG ;;
    get | getnext) read -r oid; cell "$question" "$oid" ;;
    set)
      read -r oid
      read -r type value
      [ -e jammed ] || order "\${oid#.}=$value" > /dev/null 2>&1 &
      echo DONE ;;
  esac
done
`;

const configuration = (
  folder: string,
  port: number,
  root: string,
): string => `agentAddress udp:127.0.0.1:${port}
rwcommunity ${secrets.write} 127.0.0.1
rocommunity ${secrets.read} 127.0.0.1
createUser ${secrets.user} SHA "${secrets.authenticationKey}" AES "${secrets.privacyKey}"
rwuser ${secrets.user} priv
pass_persist .${root} /bin/sh ${folder}/answer
[snmp] persistentDir ${folder}/persistent
`;

/** A unit of that family with these outlets, all on, in a real SNMP agent on loopback. */
export async function startUnit(family: Family, names: Readonly<Record<string, string>>): Promise<PowerUnit> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-pdu-'));
  const port = await freePort();
  const indexes = Object.keys(names);
  const file = (name: string): string => join(folder, name);
  const cells = (column: string, type: string, value: (index: string) => string): string[] =>
    indexes.map((index) => `${column}.${index} ${type} ${value(index)}`);
  const [on, off] = [String(family.isOn[0]), String(family.isOff[0])];
  const columns = new Map<string, string[]>([
    [family.names, cells(family.names, 'string', (index) => names[index] ?? '')],
    [family.on[0], cells(family.on[0], 'integer', () => '0')],
    [family.off[0], cells(family.off[0], 'integer', () => '0')],
    [family.state, cells(family.state, 'integer', () => on)],
  ]);
  const inOrder = [...columns].sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
  await writeFile(file('tree'), `${inOrder.flatMap(([, lines]) => lines).join('\n')}\n`);
  const effects = indexes.flatMap((index) => [
    `${family.on[0]}.${index}=${family.on[1]} ${family.state}.${index} ${on}`,
    `${family.off[0]}.${index}=${family.off[1]} ${family.state}.${index} ${off}`,
  ]);
  await writeFile(file('effects'), `${effects.join('\n')}\n`);
  await writeFile(file('delay'), '0');
  await writeFile(file('answer'), script(folder));
  const root = family.names.split('.').slice(0, 8).join('.');
  await writeFile(file('snmpd.conf'), configuration(folder, port, root));
  const daemon = spawn('snmpd', ['-f', '-C', '-c', file('snmpd.conf'), '-Lf', file('log'), '-I', '-smux'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  await listening(daemon, port, file('log'));
  return {
    address: '127.0.0.1',
    port,
    async state(outlet) {
      const tree = await readFile(file('tree'), 'utf8');
      const wanted = `${family.state}.${indexes[outlet - 1] ?? ''} integer `;
      const value = tree
        .split('\n')
        .find((line) => line.startsWith(wanted))
        ?.slice(wanted.length);
      return value === off ? 'off' : 'on';
    },
    async rename(outlet, name) {
      const wanted = `${family.names}.${indexes[outlet - 1] ?? ''} `;
      const tree = (await readFile(file('tree'), 'utf8')).split('\n');
      await writeFile(
        file('tree'),
        tree.map((line) => (line.startsWith(wanted) ? `${wanted}string ${name}` : line)).join('\n'),
      );
    },
    jam: () => writeFile(file('jammed'), ''),
    delay: (seconds) => writeFile(file('delay'), String(seconds)),
    async stop() {
      daemon.kill('SIGKILL');
      await ended;
      // An order that is still on its way may write once more.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function listening(daemon: ChildProcess, port: number, log: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = spawnSync('ss', ['-Hlun', `sport = :${port}`]).stdout.toString();
    if (open.includes(`:${port}`)) return;
    if (daemon.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`snmpd does not listen: ${await readFile(log, 'utf8').catch(() => '')}`);
}
