import type { HistoryEntry } from '../../../model/index.ts';
import { operationSettings } from '../unpack/operation.ts';
import type { Digests } from '../unpack/digests.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { extraParameters } from './create.ts';
import { compareVersions, isFencerParameter, parametersText } from './parameters.ts';

/** How the parameters an operation was carried out with compare with those of the definition. */
export interface DigestComparison {
  /** `restart`: something changed that only a restart applies; `all`: something changed; `unknown`: nothing recorded. */
  readonly outcome: 'match' | 'restart' | 'all' | 'unknown';
  /** Only what is masked in reports (passwords) is different. */
  readonly isPrivateOnly: boolean;
}

/** The words that histories use for what a digest is about. */
const FIELD = {
  all: 'op-digest',
  restart: 'op-restart-digest',
  restartParameters: 'op-force-restart',
  secure: 'op-secure-digest',
  secureParameters: 'op-secure-params',
  version: 'crm_feature_set',
} as const;

/** From this version of the recorder on, the digest without private parameters is made of everything else. */
const SECURE_OF_ALL = '3.16.0';
const CURRENT_VERSION = '3.16.1';
const PRIVATE_OF_FENCERS = ' passwd password user ';

type Source = Pick<Unpacked, 'input' | 'settings' | 'configuration' | 'pairs'>;
type Remembering = Source & Pick<Unpacked, 'digests'>;

/**
 * Compares a recorded operation with the definition as it is now.
 *
 * Rule: Pacemaker Explained, "Agents and reload": the executor records an MD5 over the parameters, one over those
 * whose change needs a restart, and one without the private ones.
 */
export function compareDigest(
  unpacked: Remembering,
  resource: Resource,
  node: Node,
  entry: HistoryEntry,
): DigestComparison {
  const interval = Number(entry.fields['interval'] ?? 0) || 0;
  const name = `${resource.id} ${entry.operation} ${interval} ${node.id}`;
  const digests =
    unpacked.digests.get(name) ??
    calculateDigests(unpacked, resource, node, entry.operation, interval, entry);
  unpacked.digests.set(name, digests);
  const recordedSecure = entry.fields[FIELD.secure];
  const outcome = compare(digests, entry, interval);
  return {
    outcome,
    isPrivateOnly: outcome !== 'match' && recordedSecure !== undefined && recordedSecure === digests.secure,
  };
}

function compare(digests: Digests, entry: HistoryEntry, interval: number): DigestComparison['outcome'] {
  const restart = entry.fields[FIELD.restart];
  const all = entry.fields[FIELD.all];
  if (restart !== undefined && digests.restart !== undefined && restart !== digests.restart) return 'restart';
  if (all === undefined) return 'unknown';
  if (all === digests.all) return 'match';
  return interval === 0 && digests.hasExtra ? 'restart' : 'all';
}

/** The digests of what an operation would be carried out with now. `interval` in milliseconds. */
export function calculateDigests(
  unpacked: Source,
  resource: Resource,
  node: Node,
  task: string,
  interval: number,
  entry: HistoryEntry | undefined,
): Digests {
  const parameters = resource.parameters(node);
  const extra = extraParameters(unpacked, resource, task, interval, node);
  const all = new Map(parameters);
  for (const [name, value] of extra) if (!all.has(name)) all.set(name, value);
  if (interval > 0) {
    const timeout = operationSettings(unpacked, resource, task, interval, node).meta.get('timeout');
    if (timeout !== undefined) all.set('CRM_meta_timeout', timeout);
  }
  const md5 = unpacked.input.md5;
  return {
    all: md5(parametersText(all, () => true)),
    secure: md5(secureText(unpacked, resource, parameters, all, entry)),
    restart: entry?.fields[FIELD.restart] === undefined ? undefined : md5(restartText(all, entry)),
    hasExtra: extra.size > 0,
  };
}

function restartText(all: ReadonlyMap<string, string>, entry: HistoryEntry): string {
  const list = entry.fields[FIELD.restartParameters];
  return parametersText(all, (name) => list === undefined || list.includes(` ${name} `));
}

function secureText(
  unpacked: Source,
  resource: Resource,
  parameters: ReadonlyMap<string, string>,
  all: ReadonlyMap<string, string>,
  entry: HistoryEntry | undefined,
): string {
  const version =
    entry?.fields[FIELD.version] ?? unpacked.input.document.fields[FIELD.version] ?? CURRENT_VERSION;
  const list = entry === undefined ? PRIVATE_OF_FENCERS : entry.fields[FIELD.secureParameters];
  const isShown = (name: string): boolean => list?.includes(` ${name} `) !== true;
  if (compareVersions(version, SECURE_OF_ALL) >= 0) return parametersText(all, isShown);
  const isFencer = resource.agent?.standard === 'stonith';
  return parametersText(parameters, (name) => isShown(name) && !(isFencer && isFencerParameter(name)));
}
