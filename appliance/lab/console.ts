import { connect } from 'node:net';
import { LabError } from './error.ts';
import { consolePath } from './settings.ts';
import type { LabSettings } from './settings.ts';
import type { MachineName } from './topology.ts';

/** Ctrl-], as with telnet. */
const leave = 0x1d;

/** Joins this terminal and a machine's serial console until Ctrl-] or the end of the machine. */
export async function attachConsole(settings: LabSettings, name: MachineName): Promise<void> {
  const socket = connect(consolePath(settings, name));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', () => {
      console.error(`lab: console of ${name}; press Enter for a prompt, Ctrl-] to leave`);
      if (process.stdin.isTTY) process.stdin.setRawMode(true);
    });
    process.stdin.on('data', (bytes: Buffer) => {
      if (bytes.includes(leave)) socket.destroy();
      else socket.write(bytes);
    });
    socket.on('data', (bytes: Buffer) => process.stdout.write(bytes));
    socket.on('error', (cause) =>
      reject(
        new LabError(
          'machine-off',
          `the console of ${name} cannot be opened: ${cause.message}`,
          'See with `npm run lab -- status` that the machine is on.',
        ),
      ),
    );
    socket.on('close', () => resolve());
  }).finally(() => {
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
  });
}
