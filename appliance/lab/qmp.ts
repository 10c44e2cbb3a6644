import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { LabError } from './error.ts';

/** One command of QEMU's machine protocol. */
export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

interface QmpLine {
  readonly QMP?: unknown;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

/** Sends commands to a machine's QEMU, one after the other; the answers come in the same order. */
export async function sendQmp(
  socketPath: string,
  commands: readonly QmpCommand[],
): Promise<readonly unknown[]> {
  const socket = connect(socketPath);
  socket.setTimeout(10_000, () => socket.destroy(new Error('QEMU did not answer within 10 seconds')));
  const answers: unknown[] = [];
  const pending = [{ execute: 'qmp_capabilities' }, ...commands];
  let sent = 0;
  const sendNext = (): void => {
    const command = pending[sent];
    if (command !== undefined) socket.write(`${JSON.stringify(command)}\n`);
    sent += 1;
  };
  try {
    for await (const text of createInterface({ input: socket })) {
      const line = JSON.parse(text) as QmpLine;
      if (line.error !== undefined) throw new Error(line.error.desc);
      if (line.QMP === undefined && line.return === undefined) continue; // an event
      if (line.return !== undefined) answers.push(line.return);
      if (answers.length === pending.length) return answers.slice(1);
      sendNext();
    }
    throw new Error('QEMU closed the connection');
  } catch (error) {
    const names = commands.map((command) => command.execute).join(', ');
    throw new LabError(
      'machine-off',
      `QEMU did not do ${names}: ${error instanceof Error ? error.message : String(error)}`,
      'See with `npm run lab -- status` that the machine is on.',
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
}
