import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** Whether Debian's simulator of management boards (package openipmi) and ipmitool are installed. */
export const canSimulateBoards = ['ipmi_sim', 'ipmitool'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

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
  /** From now on orders take effect after this many seconds. */
  delay(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const hook = (folder: string): string => `#!/bin/sh
cd '${folder}' || exit 1
case "$*" in
  'get power') echo "power:$(cat power)" ;;
  'get boot') echo boot:none ;;
  'set power '*) [ -e jammed ] || { sleep "$(cat delay)"; echo "$3" > power; } > /dev/null 2>&1 & ;;
  'set boot '* | 'set identify '* | check*) ;;
  *) exit 1 ;;
esac
`;

const configuration = (folder: string, port: number, password: string): string => `name "node"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
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

async function untilItAnswers(port: number, password: string): Promise<void> {
  const args = ['-I', 'lanplus', '-C', '3', '-H', '127.0.0.1', '-p', String(port), '-U', 'admin', '-E'];
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const asked = spawnSync('ipmitool', [...args, '-N', '1', '-R', '1', 'chassis', 'power', 'status'], {
      env: { ...process.env, IPMI_PASSWORD: password },
    });
    if (asked.status === 0) return;
    await sleep(50);
  }
  throw new Error('ipmi_sim does not answer');
}

/** A real management board, IPMI 2.0 over UDP, on the loopback. */
export async function startBoard(): Promise<Board> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-board-'));
  const port = await freePort();
  const password = 'not-so-secret';
  await mkdir(join(folder, 'state'));
  await writeFile(join(folder, 'power'), '1\n');
  await writeFile(join(folder, 'delay'), '0\n');
  await writeFile(join(folder, 'hook'), hook(folder), { mode: 0o700 });
  await writeFile(join(folder, 'lan.conf'), configuration(folder, port, password));
  await writeFile(
    join(folder, 'emulation'),
    'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n',
  );
  const args = ['-c', `${folder}/lan.conf`, '-f', `${folder}/emulation`, '-s', `${folder}/state`, '-n'];
  const simulator: ChildProcess = spawn('ipmi_sim', args, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => simulator.once('exit', resolve));
  await untilItAnswers(port, password);
  return {
    parameters: { address: '127.0.0.1', port, username: 'admin', password },
    power: async () => (await readFile(join(folder, 'power'), 'utf8')).trim(),
    setPower: (power) => writeFile(join(folder, 'power'), `${power}\n`),
    jam: () => writeFile(join(folder, 'jammed'), ''),
    delay: (seconds) => writeFile(join(folder, 'delay'), `${seconds}\n`),
    async stop() {
      simulator.kill('SIGKILL');
      await ended;
      // An order that is still on its way may write once more.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
