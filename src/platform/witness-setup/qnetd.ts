import { access, constants } from 'node:fs/promises';
import { failed, failure, success, within, type Result } from '../../model/index.ts';
import { runSuccessfully, type Run } from '../processes/run.ts';

const TOOL = 'corosync-qnetd-tool';
const UNIT = 'corosync-qnetd.service';

/** What the witness's machine needs. */
const PROGRAMS = [
  { path: '/usr/bin/corosync-qnetd', from: 'corosync-qnetd' },
  { path: '/usr/bin/corosync-qnetd-certutil', from: 'corosync-qnetd' },
  { path: '/usr/bin/corosync-qnetd-tool', from: 'corosync-qnetd' },
  { path: '/usr/bin/certutil', from: 'libnss3-tools' },
  { path: '/usr/bin/openssl', from: 'openssl' },
] as const;

/** `command_missing` names what is not there. */
export async function checkPrograms(
  programs: readonly { readonly path: string; readonly from: string }[] = PROGRAMS,
): Promise<Result<void>> {
  for (const { path, from } of programs) {
    try {
      await access(path, constants.X_OK);
    } catch {
      return failed(failure('command_missing', `${path} is missing: install Debian’s package ${from}`));
    }
  }
  return success(undefined);
}

/** Has corosync-qnetd run, now and after a boot; anew where its database is new. It has to take certificates. */
export async function startQnetd(run: Run, isNew: boolean): Promise<Result<void>> {
  for (const args of [
    ['enable', UNIT],
    ['reset-failed', UNIT],
    [isNew ? 'restart' : 'start', UNIT],
  ]) {
    const done = await runSuccessfully(run, 'systemctl', args);
    // Nothing may have failed yet, and then there is nothing to forget.
    if (!done.ok && args[0] !== 'reset-failed')
      return failed(failure('witness_not_running', done.failure.message));
  }
  const asked = await askTool(run, ['-s']);
  if (!asked.ok) return asked;
  const tls = /^TLS:\s+(.+?)\s*$/m.exec(asked.value)?.[1] ?? 'unknown';
  return tls.startsWith('Supported') || tls.startsWith('Required')
    ? success(undefined)
    : failed(failure('witness_not_running', `it runs, but without TLS (${tls}): see its options`));
}

/** A cluster that is connected to this witness, as corosync-qnetd-tool tells it. */
export interface ConnectedCluster {
  readonly name: string;
  readonly nodes: readonly {
    readonly id: number;
    /** Without the port. */
    readonly address: string;
    /** With a certificate of this witness. */
    readonly isCertified: boolean;
    /** The last one that was given or refused; undefined where there was none. */
    readonly vote: 'ACK' | 'NACK' | undefined;
  }[];
}

/** `witness_not_running` where corosync-qnetd does not answer. */
export async function connectedClusters(run: Run): Promise<Result<readonly ConnectedCluster[]>> {
  const asked = await askTool(run, ['-l', '-v']);
  return asked.ok ? success(parseClusters(asked.value)) : asked;
}

async function askTool(run: Run, args: readonly string[]): Promise<Result<string>> {
  const asked = await runSuccessfully(run, TOOL, args);
  if (asked.ok || asked.failure.code === 'command_missing') return asked;
  return failed(within('corosync-qnetd', failure('witness_not_running', asked.failure.message)));
}

/** The output of `corosync-qnetd-tool -l -v`, as corosync-qnetd-tool(8) describes it. */
export function parseClusters(text: string): readonly ConnectedCluster[] {
  return blocks(text, /^Cluster "(.*)":$/).map(({ title: name, body }) => ({
    name,
    nodes: blocks(body, /^\s+Node ID (\d+):$/).map(({ title, body: node }) => {
      const value = (key: string): string =>
        new RegExp(`^\\s+${key}:\\s+(.*?)\\s*$`, 'm').exec(node)?.[1] ?? '';
      const vote = value('Vote');
      return {
        id: Number(title),
        address: value('Client address')
          .replace(/:\d+$/, '')
          .replace(/^::ffff:/, ''),
        isCertified: value('TLS active').includes('client certificate verified'),
        // `No change (ACK)`: the last real one stands in parentheses.
        vote: /\bNACK\b/.test(vote) ? 'NACK' : /\bACK\b/.test(vote) ? 'ACK' : undefined,
      };
    }),
  }));
}

function blocks(text: string, heading: RegExp): readonly { title: string; body: string }[] {
  const found: { title: string; body: string }[] = [];
  for (const line of text.split('\n')) {
    const title = heading.exec(line)?.[1];
    const last = found.at(-1);
    if (title !== undefined) found.push({ title, body: '' });
    else if (last !== undefined) last.body += `${line}\n`;
  }
  return found;
}
