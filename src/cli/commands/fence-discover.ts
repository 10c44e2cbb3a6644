import type { DiscoveryView } from '../../model/index.ts';
import { askSecret } from '../ask-secret.ts';
import { usage } from '../failures.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';
import { readDocument, readText } from '../read-file.ts';

export interface DiscoverOptions {
  readonly file?: string;
  readonly node?: readonly string[];
  readonly port?: string;
  readonly username?: string;
  readonly family?: string;
  readonly secretFile?: string;
}

export async function discover(
  session: Session,
  kind: string | undefined,
  place: readonly string[],
  options: DiscoverOptions,
): Promise<void> {
  const device =
    options.file === undefined ? await deviceOf(kind, place, options) : await fromFile(options.file);
  const client = await session.client();
  const body = { device, ...(options.node === undefined ? {} : { nodes: options.node }) };
  const answer = await client.ask({ method: 'POST', path: '/fence-discovery', body });
  const found = answer.body as DiscoveryView;
  if (session.json) {
    printJson(session.output, found);
    return;
  }
  const { output } = session;
  output.print(printable(found.about));
  const rows = found.outlets.map(({ name, id, power }) => [printable(name), id ?? '', power ?? '']);
  if (rows.length > 0) output.print(table(['NAME', 'ID', 'POWER'], rows));
  for (const { node, fence } of found.proposals) {
    output.print(`\n# ${node}: in the cluster file, with the credentials:`);
    output.print(`fence: ${JSON.stringify(fence)}`);
  }
  for (const note of found.notes) output.tell(`note: ${printable(note)}`);
  if (found.proposals.length > 0)
    output.tell('That it is so is shown by `keelson fence test NODE` and nothing else.');
}

/** What a device of a cluster file says for a node, and not of itself. */
const FOR_A_NODE = ['outlets', 'domain', 'level', 'timeout', 'sharesPower'];

/** A device of a cluster file; what it is to say itself is left out. */
async function fromFile(path: string): Promise<object> {
  const device = await readDocument(path);
  return Object.fromEntries(Object.entries(device).filter(([name]) => !FOR_A_NODE.includes(name)));
}

async function deviceOf(
  kind: string | undefined,
  place: readonly string[],
  { port, username, family, secretFile }: DiscoverOptions,
): Promise<object> {
  const [address] = place;
  if (kind === undefined || address === undefined)
    throw usage(
      'give a kind of device and where it is, or --file FILE',
      'See `keelson fence discover --help`.',
    );
  if (kind !== 'sbd' && place.length > 1)
    throw usage(`${kind} is at one place, not at ${place.join(' and ')}`);
  const secret = (what: string): string | Promise<string> =>
    secretFile === undefined
      ? askSecret(`${what} of ${address}: `, 'give --secret-file FILE')
      : readText(secretFile).replace(/\r?\n$/, '');
  const at = { address, ...(port === undefined ? {} : { port: numberOf(port) }) };
  switch (kind) {
    case 'ipmi':
      if (username === undefined) throw usage('a board is asked with --username NAME');
      return { kind, ...at, username, password: await secret('Password') };
    case 'pdu': {
      const version = '2c';
      return { kind, ...at, ...(family && { family }), version, community: await secret('Community') };
    }
    case 'libvirt':
      return { kind, uri: address, ...(username && { username, password: await secret('Password') }) };
    case 'sbd':
      return { kind, disks: place };
    default:
      throw usage(`the kinds that can be asked are ipmi, pdu, libvirt and sbd, not ${kind}`);
  }
}

function numberOf(port: string): number {
  if (!/^\d{1,5}$/.test(port)) throw usage(`--port is a number, not ${port}`);
  return Number(port);
}
