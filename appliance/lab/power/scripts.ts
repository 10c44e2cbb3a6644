import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../image/image.ts';
import { namespacePath } from '../namespace.ts';
import { machineFolder, sshControlPath } from '../settings.ts';
import type { LabSettings } from '../settings.ts';
import { machines } from '../topology.ts';
import type { MachineName } from '../topology.ts';
import { qemuCommand, shellWord } from './qemu.ts';

/** The three switches of a machine. */
export interface PowerScripts {
  /** Prints `on` or `off`. */
  readonly state: string;
  readonly on: string;
  readonly cut: string;
}

/** Where a machine's switches are. */
export function powerScripts(settings: LabSettings, name: MachineName): PowerScripts {
  const folder = machineFolder(settings, name);
  return {
    state: join(folder, 'power-state'),
    on: join(folder, 'power-on'),
    cut: join(folder, 'power-cut'),
  };
}

/**
 * A process id is used again after its process has gone, so it counts only where that process's command line names this
 * machine's own file.
 */
const common = (folder: string): string => `#!/bin/sh
# Written by the lab at each \`up\`.
folder=${shellWord(folder)}
is_on() {
  read -r id 2>/dev/null <"$folder/qemu.pid" && tr '\\0' '\\n' 2>/dev/null <"/proc/$id/cmdline" | grep -qxF "$folder/qemu.pid"
}
note() { echo "$(date +%s.%3N) $1" >>"$folder/power.log"; }
`;

const lock = `exec 9>"$folder/power.lock"
flock 9
`;

/** Writes the switches: small shell programs, because a management board waits for them. */
export async function writePowerScripts(
  settings: LabSettings,
  name: MachineName,
  image: Image,
  publicKey: string,
  dataDiskSize: number,
): Promise<void> {
  const folder = machineFolder(settings, name);
  const scripts = powerScripts(settings, name);
  const qemu = qemuCommand(settings, machines[name], image, publicKey, dataDiskSize);
  await mkdir(folder, { recursive: true });
  await writeScript(scripts.state, `${common(folder)}if is_on; then echo on; else echo off; fi\n`);
  await writeScript(
    scripts.on,
    `${common(folder)}${lock}is_on && exit 0
data=data
shared=shared
[ -e "$folder/data-failed" ] && data=data-failing
[ -e "$folder/shared-failed" ] && shared=shared-failing
nsenter --net=${shellWord(namespacePath(settings))} ${qemu} 9>&- || exit 1
note on
`,
  );
  await writeScript(
    scripts.cut,
    `${common(folder)}${lock}is_on || exit 0
kill -KILL "$id"
while is_on; do sleep 0.01; done
note off
# The connection that all commands share would only notice much later.
ssh -F none -o ControlPath=${shellWord(sshControlPath(settings, name))} -O exit ${name} 2>/dev/null 9>&-
exit 0
`,
  );
}

async function writeScript(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o700);
}
