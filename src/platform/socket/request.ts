import type { RequestKind, RequestTerms, SocketRequest } from '../../model/index.ts';

/** Every kind there is; the type makes the list complete. */
const kinds: Readonly<Record<RequestKind, true>> = {
  status: true,
  nodes: true,
  document: true,
  luns: true,
  lun: true,
  operation: true,
  'lun.clone': true,
  'lun.create': true,
  'lun.delete': true,
  'lun.grow': true,
  'lun.map': true,
  'lun.rollback': true,
  'lun.unmap': true,
  sessions: true,
  snapshots: true,
  snapshot: true,
  'snapshot.create': true,
  'snapshot.delete': true,
  pools: true,
  pool: true,
  targets: true,
  target: true,
  'portal.add': true,
  'portal.remove': true,
  hosts: true,
  host: true,
  'host.reach': true,
  'host.create': true,
  'host.set': true,
  'host.delete': true,
  cleanup: true,
  'node.set': true,
  'node.leave': true,
  'node.confirm-off': true,
  'node.power-on': true,
  'node.replace': true,
  'pool.recover': true,
  'fence.test': true,
  'fence.waive': true,
  'fence.history': true,
  'fence.discover': true,
  'cluster.set': true,
  'witness.add': true,
  'witness.remove': true,
  resources: true,
  'resource.set': true,
  'cluster.init': true,
  'cluster.join': true,
  'cluster.admit': true,
  'cluster.join-secret': true,
  'cluster.join-code': true,
  'setup.look': true,
  'setup.join': true,
  'setup.invited': true,
  config: true,
  'config.history': true,
  'config.diff': true,
  'config.restore': true,
  'config.save': true,
  'config.load': true,
  'config.lost': true,
  'config.lost.clear': true,
  doctor: true,
  'doctor.examine': true,
  'fence-peer': true,
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shape only: what stands in `request` is checked by who handles it. Undefined where it is no request. */
export function readRequest(value: unknown): SocketRequest | undefined {
  if (!isObject(value)) return undefined;
  const { id, kind, request, after } = value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return undefined;
  if (kind === 'subscribe') {
    if (after !== undefined && (typeof after !== 'number' || !Number.isSafeInteger(after))) return undefined;
    return { id, kind, after };
  }
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind) || !isObject(request)) return undefined;
  const terms = value['terms'] === undefined ? undefined : readTerms(value['terms']);
  if (terms === 'none') return undefined;
  return { id, kind: kind as RequestKind, request, ...(terms && { terms }) };
}

/** Tags that a request may name, and the length of one, or of a key. */
const MOST_TAGS = 16;
const MOST_CHARACTERS = 255;

const isShort = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= MOST_CHARACTERS && /^[\x20-\x7e]+$/.test(text);

function readTerms(value: unknown): RequestTerms | 'none' {
  if (!isObject(value)) return 'none';
  const { ifMatch, key } = value;
  if (
    ifMatch !== undefined &&
    !(Array.isArray(ifMatch) && ifMatch.length <= MOST_TAGS && ifMatch.every(isShort))
  )
    return 'none';
  if (key !== undefined && !isShort(key)) return 'none';
  return { ifMatch, key };
}
