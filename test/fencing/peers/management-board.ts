import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { freePort } from './free-port.ts';
import { argvAt, loopback, type Host } from './host.ts';

export interface Board {
  readonly parameters: {
    readonly address: string;
    readonly port: number;
    readonly username: string;
    readonly password: string;
  };
  /** `1` or `0`, as the board sees it; writing it is somebody else's hand on the button. */
  power(): Promise<string>;
  setPower(power: '0' | '1'): Promise<void>;
  /** From now on orders are taken and nothing happens. */
  jam(): Promise<void>;
  /** From now on orders are taken, and take effect at `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** From now on nobody answers, and the port is open all the same. */
  freeze(): void;
  stop(): Promise<void>;
}

export interface BoardChoice {
  readonly host?: Host;
  readonly password?: string;
  /** 623, IPMI's own, on a host of its own; a free one where not given. */
  readonly port?: number;
  /** A shell command that obeys the word behind it (on, off, status) and prints how the power is after that. */
  readonly wire?: string;
}

const hook = (folder: string, wire: string): string => `#!/bin/sh
cd '${folder}' || exit 1
wire() {
  if [ -n "${wire === '' ? '' : 'yes'}" ]; then ${wire === '' ? ':' : wire} "$1"; return; fi
  case "$1" in
    on) put 1 ;;
    off) put 0 ;;
    status) cat power ;;
  esac
}
# Whoever looks meanwhile sees the one or the other.
put() { echo "$1" > power.$$ && mv power.$$ power; }
order() {
  while [ -e held ]; do sleep 0.02; done
  wire "$1"
}
case "$*" in
  'get power') case "$(wire status)" in on | 1) echo power:1 ;; off | 0) echo power:0 ;; *) exit 1 ;; esac ;;
  'get boot') echo boot:none ;;
  'set power '*)
    [ -e jammed ] || if [ "$3" = 0 ]; then order off; else order on; fi > /dev/null 2>&1 & ;;
  'set boot '* | 'set identify '* | check*) ;;
  *) exit 1 ;;
esac
`;

const configuration = (
  folder: string,
  address: string,
  port: number,
  password: string,
): string => `name "node"
set_working_mc 0x20
  startlan 1
    addr ${address} ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
  chassis_control "${folder}/hook"
  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "admin" "${password}" admin 10 none md2 md5 straight
`;

async function untilItAnswers(host: Host, port: number, password: string): Promise<void> {
  const args = ['-I', 'lanplus', '-C', '3', '-H', host.address, '-p', String(port), '-U', 'admin', '-E'];
  const [program, all] = argvAt(host, 'ipmitool', [
    ...args,
    ...['-N', '1', '-R', '1', 'chassis', 'power', 'status'],
  ]);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // Not one that blocks: what the board's wire asks may be in this very process.
    const asked = await execa(program, all, { env: { IPMI_PASSWORD: password }, reject: false });
    if (asked.exitCode === 0) return;
    await sleep(50);
  }
  throw new Error('ipmi_sim does not answer');
}

/** A real management board, IPMI 2.0 over UDP. */
export async function startBoard(choice: BoardChoice = {}): Promise<Board> {
  const { host = loopback, password = 'not-so-secret', wire = '' } = choice;
  const folder = await mkdtemp(join(tmpdir(), 'keelson-board-'));
  const port = choice.port ?? (await freePort());
  await mkdir(join(folder, 'state'));
  await writeFile(join(folder, 'power'), '1\n');
  await writeFile(join(folder, 'hook'), hook(folder, wire), { mode: 0o700 });
  await writeFile(join(folder, 'lan.conf'), configuration(folder, host.address, port, password));
  await writeFile(
    join(folder, 'emulation'),
    'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n',
  );
  const [program, args] = argvAt(host, 'ipmi_sim', [
    ...['-c', `${folder}/lan.conf`, '-f', `${folder}/emulation`, '-s', `${folder}/state`, '-n'],
  ]);
  const simulator: ChildProcess = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => simulator.once('exit', resolve));
  const stop = async (): Promise<void> => {
    simulator.kill('SIGKILL');
    await ended;
    // An order that is still on its way may write once more.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    await untilItAnswers(host, port, password);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    parameters: { address: host.address, port, username: 'admin', password },
    power: async () => (await readFile(join(folder, 'power'), 'utf8')).trim(),
    setPower: async (power) => {
      await writeFile(join(folder, 'power.new'), `${power}\n`);
      await rename(join(folder, 'power.new'), join(folder, 'power'));
    },
    jam: () => writeFile(join(folder, 'jammed'), ''),
    hold: () => writeFile(join(folder, 'held'), ''),
    release: () => rm(join(folder, 'held')),
    freeze: () => void simulator.kill('SIGSTOP'),
    stop,
  };
}
