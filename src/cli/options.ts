import { readFileSync } from 'node:fs';
import { CliFailure, usage } from './failures.ts';

/** Global options, as commander gives them. */
export interface GlobalOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly ca: string;
  readonly json?: boolean;
}

export interface Connection {
  readonly url: string;
  readonly token: string;
  /** The token as it is now: it changes when a machine is replaced. Absent where it was given as it is. */
  readonly tokenNow?: () => string;
  /** PEM. */
  readonly certificate: string;
}

/** Reads what the options name. The token is never taken from an argument, which every user of the machine could see. */
export function connectionOf(options: GlobalOptions, environment: NodeJS.ProcessEnv): Connection {
  if (!/^https:\/\/[^/\s]+\/?$/.test(options.url) || !URL.canParse(options.url))
    throw usage(`--url must be https://ADDRESS:PORT, not ${options.url}`);
  return {
    url: options.url,
    token: environment['KEELSON_TOKEN'] ?? read(options.tokenFile, 'the token').trim(),
    ...(environment['KEELSON_TOKEN'] === undefined
      ? { tokenNow: () => read(options.tokenFile, 'the token').trim() }
      : {}),
    certificate: read(options.ca, 'the certificate of the API'),
  };
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new CliFailure('not_allowed', `${path} (${what}) may not be read`);
    throw new CliFailure('not_reachable', `${path} (${what}) cannot be read: ${code ?? 'unknown'}`, {
      next: 'Is keelsond running here? See `systemctl status keelsond`, or use --url, --ca and --token-file.',
    });
  }
}
