import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { heldProcess, startHeld, stopHeld } from '../held.ts';
import { insideNamespace } from '../namespace.ts';
import { powerScripts } from '../power/scripts.ts';
import type { LabSettings } from '../settings.ts';
import { boardAddress } from '../topology.ts';
import type { StorageNodeName } from '../topology.ts';

export const boardUser = 'admin';

function folderOf(settings: LabSettings, name: StorageNodeName): string {
  return join(settings.stateFolder, 'boards', name);
}

/** The file that holds the password of a board's user, as `ipmitool -f` reads it; readable by root alone. */
export function boardPasswordFile(settings: LabSettings, name: StorageNodeName): string {
  return join(folderOf(settings, name), 'password');
}

/** What ipmi_sim asks the hook: `get power`, `set power 0|1`, `set reset 1`, `set shutdown 1`. */
function chassisHook(settings: LabSettings, name: StorageNodeName): string {
  const scripts = powerScripts(settings, name);
  return `#!/bin/sh
# Written by the lab. The management board of ${name} at the machine's real switch.
case "$*" in
  'get power') if [ "$('${scripts.state}')" = on ]; then echo power:1; else echo power:0; fi ;;
  'get boot') echo boot:none ;;
  'set power 1') '${scripts.on}' ;;
  'set power 0' | 'set shutdown 1') '${scripts.cut}' ;;
  'set reset 1') '${scripts.cut}' && '${scripts.on}' ;;
  'set boot '* | 'set identify '* | check*) ;;
  *) exit 1 ;;
esac
`;
}

function simulatorConfiguration(settings: LabSettings, name: StorageNodeName, password: string): string {
  const guid = Buffer.from(`keelson ${name}`.padEnd(16)).toString('hex');
  return `name "${name}"
set_working_mc 0x20
  startlan 1
    addr ${boardAddress(name)} 623
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${guid}
  endlan
  chassis_control "${join(folderOf(settings, name), 'chassis')}"
  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "${boardUser}" "${password}" admin 10 none md2 md5 straight
`;
}

const emulation = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
mc_enable 0x20
`;

/** Starts a storage node's management board: IPMI 2.0 over UDP, at an address of its own. */
export async function startBoard(settings: LabSettings, name: StorageNodeName): Promise<void> {
  const folder = folderOf(settings, name);
  await mkdir(join(folder, 'state'), { recursive: true });
  const passwordFile = boardPasswordFile(settings, name);
  if (!existsSync(passwordFile)) {
    await writeFile(passwordFile, `${randomBytes(8).toString('hex')}\n`, { mode: 0o600 });
  }
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const configuration = join(folder, 'lan.conf');
  await writeFile(configuration, simulatorConfiguration(settings, name, password), { mode: 0o600 });
  await writeFile(join(folder, 'emulation'), emulation);
  await writeFile(join(folder, 'chassis'), chassisHook(settings, name));
  await chmod(join(folder, 'chassis'), 0o700);
  await startHeld(settings, {
    name: `board-${name}`,
    command: insideNamespace(settings, [
      'ipmi_sim',
      ...['-c', configuration, '-f', join(folder, 'emulation'), '-s', join(folder, 'state'), '-n'],
    ]),
    workingFolder: folder,
  });
}

/** Ends a storage node's management board. */
export async function stopBoard(settings: LabSettings, name: StorageNodeName): Promise<void> {
  await stopHeld(settings, `board-${name}`);
}

/** How a board is: `on` and `off` are what it says of its machine. */
export type BoardState = 'on' | 'off' | 'silent' | 'stopped';

/** Asks a board over the network, from the lab's own address. */
export async function askBoard(settings: LabSettings, name: StorageNodeName): Promise<BoardState> {
  if ((await heldProcess(settings, `board-${name}`)) === undefined) return 'stopped';
  const [program = '', ...parameters] = insideNamespace(settings, [
    ...['ipmitool', '-I', 'lanplus', '-C', '3', '-N', '1', '-R', '1', '-H', boardAddress(name)],
    ...['-U', boardUser, '-f', boardPasswordFile(settings, name), 'chassis', 'power', 'status'],
  ]);
  const outcome = await runCommand(program, parameters, { timeout: 4000 });
  if (outcome.exitCode !== 0) return 'silent';
  return outcome.stdout.endsWith('on') ? 'on' : 'off';
}
