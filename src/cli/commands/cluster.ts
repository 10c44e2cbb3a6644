import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ReplyOf } from '../../model/index.ts';
import { usage } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { readDocument, readText, standardInput } from '../read-file.ts';

/** Disks, Corosync and services are set up meanwhile. Milliseconds. */
const formingTimeout = 330_000;

const thisNode = (): string => hostname().split('.')[0] ?? '';

export interface InitOptions {
  readonly file: string;
  readonly node?: string;
  readonly overwriteSbd?: readonly string[];
  readonly witnessSecretFile?: string;
}

export async function init(session: Session, options: InitOptions): Promise<void> {
  if (options.file === standardInput && options.witnessSecretFile === standardInput)
    throw usage('--file and --witness-secret-file cannot both be standard input');
  const file = await readDocument(options.file);
  warnOfReaders(session, options.file, 'the passwords of the fence devices');
  const witnessSecret = witnessSecretOf(options.witnessSecretFile);
  session.output.tell('setting up this node; this can take a few minutes');
  const client = await session.client();
  const { body } = await client.ask({
    method: 'POST',
    path: '/cluster',
    body: {
      file,
      node: options.node ?? thisNode(),
      ...(options.overwriteSbd === undefined ? {} : { overwrite: options.overwriteSbd }),
      ...(witnessSecret === undefined ? {} : { witnessSecret }),
    },
    timeout: formingTimeout,
  });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const { joinSecret, token } = body as ReplyOf<'cluster.init'>;
  session.output.tell(`Corosync waits ${token.milliseconds} ms for a node (its token): ${token.reason}`);
  session.output.tell('The cluster is formed. On the other node, run');
  session.output.tell('  keelson cluster join --address ADDRESS-OF-THIS-NODE --secret-file -');
  session.output.tell('and give it this join secret, which is valid for 24 hours:');
  session.output.print(joinSecret);
}

export async function join(
  session: Session,
  options: { address: string; secretFile?: string; node?: string },
): Promise<void> {
  const secret = secretOf(options);
  session.output.tell(`asking ${options.address} to admit this node; this can take a few minutes`);
  const client = await session.client();
  const { body } = await client.ask({
    method: 'POST',
    path: '/cluster/join',
    body: { address: options.address, secret, node: options.node ?? thisNode() },
    timeout: formingTimeout,
  });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(`This node belongs to the cluster ${(body as { clusterName: string }).clusterName}.`);
}

export async function joinSecret(session: Session): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/cluster/join-secret' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print((body as { joinSecret: string }).joinSecret);
}

function secretOf({ secretFile }: { secretFile?: string }): string {
  if (secretFile !== undefined) return readText(secretFile).trim();
  const fromEnvironment = process.env['KEELSON_JOIN_SECRET'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  throw usage('the join secret is missing', 'Give --secret-file FILE, where - is standard input.');
}

/** Undefined where none is given: it is needed where the witness's certificates are not on this node yet. */
export function witnessSecretOf(file: string | undefined): string | undefined {
  if (file !== undefined) return readText(file).trim();
  const fromEnvironment = process.env['KEELSON_WITNESS_SECRET'];
  return fromEnvironment === '' ? undefined : fromEnvironment;
}

export function warnOfReaders(session: Session, path: string, what: string): void {
  if (path === standardInput) return;
  const readers = statSync(path).mode & 0o077;
  if (readers !== 0)
    session.output.tell(`warning: ${path} holds ${what} and others may read it: chmod 600 ${path}`);
}
