import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Family } from '../../../agents/fence-pdu/families.ts';
import { freePort } from './free-port.ts';
import { argvAt, loopback, type Host } from './host.ts';

export interface PowerUnit {
  readonly address: string;
  readonly port: number;
  /** Of the outlet with that number, as the unit sees it. */
  state(outlet: number): Promise<'on' | 'off'>;
  rename(outlet: number, name: string): Promise<void>;
  /** From now on orders are taken and nothing happens; at this outlet or at all. */
  jam(outlet?: number): Promise<void>;
  /** From now on orders are taken, and take effect at `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** From now on nobody answers, and the port is open all the same. */
  freeze(): void;
  stop(): Promise<void>;
}

/** Who may ask the unit. */
export interface Keys {
  readonly write: string;
  readonly read: string;
  readonly user: string;
  readonly authenticationKey: string;
  readonly privacyKey: string;
}

/** Known to these tests alone. */
export const secrets: Keys = {
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
  while [ -e held ]; do sleep 0.02; done
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
      [ -e jammed ] || grep -qxF -- "\${oid#.}" jammed-outlets || order "\${oid#.}=$value" > /dev/null 2>&1 &
      echo DONE ;;
  esac
done
`;

const configuration = (
  folder: string,
  at: string,
  root: string,
  keys: Keys,
): string => `agentAddress udp:${at}
rwcommunity ${keys.write}
rocommunity ${keys.read}
createUser ${keys.user} SHA "${keys.authenticationKey}" AES "${keys.privacyKey}"
rwuser ${keys.user} priv
pass_persist .${root} /bin/sh ${folder}/answer
[snmp] persistentDir ${folder}/persistent
`;

export interface UnitChoice {
  readonly host?: Host;
  readonly keys?: Keys;
}

/** A unit of that family with these outlets, all on, in a real SNMP agent. */
export async function startUnit(
  family: Family,
  names: Readonly<Record<string, string>>,
  { host = loopback, keys = secrets }: UnitChoice = {},
): Promise<PowerUnit> {
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
  await writeFile(file('jammed-outlets'), '');
  await writeFile(file('answer'), script(folder));
  const root = family.names.split('.').slice(0, 8).join('.');
  await writeFile(file('snmpd.conf'), configuration(folder, `${host.address}:${port}`, root, keys));
  const [program, args] = argvAt(host, 'snmpd', [
    ...['-f', '-C', '-c', file('snmpd.conf'), '-Lf', file('log'), '-I', '-smux'],
  ]);
  const daemon = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  await listening(daemon, host, port, file('log'));
  return {
    address: host.address,
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
    async jam(outlet) {
      if (outlet === undefined) return writeFile(file('jammed'), '');
      const index = indexes[outlet - 1] ?? '';
      await writeFile(file('jammed-outlets'), `${family.on[0]}.${index}\n${family.off[0]}.${index}\n`);
    },
    hold: () => writeFile(file('held'), ''),
    release: () => rm(file('held')),
    freeze: () => void daemon.kill('SIGSTOP'),
    async stop() {
      daemon.kill('SIGKILL');
      await ended;
      // An order that is still on its way may write once more.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function listening(daemon: ChildProcess, host: Host, port: number, log: string): Promise<void> {
  const [program, args] = argvAt(host, 'ss', ['-Hlun', `sport = :${port}`]);
  for (let tries = 0; tries < 100; tries += 1) {
    const open = spawnSync(program, args).stdout.toString();
    if (open.includes(`:${port}`)) return;
    if (daemon.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`snmpd does not listen: ${await readFile(log, 'utf8').catch(() => '')}`);
}
