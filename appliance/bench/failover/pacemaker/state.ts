/** What `crm_mon --one-shot --output-as=xml` says, as far as it concerns the bench. */
export interface PacemakerState {
  /** Nodes that are members, take part and are not in standby. */
  readonly ready: readonly string[];
  /** Resource to the nodes on which an instance of it has a role: Started, Promoted, Unpromoted. */
  readonly instances: readonly Instance[];
  /** Operations that failed, as `RESOURCE OPERATION on NODE`. */
  readonly failures: readonly string[];
}

interface Instance {
  readonly resource: string;
  readonly role: string;
  readonly node: string;
}

const attributesOf = (tag: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const),
  );

/** Reads the report; the tags come as crm_mon writes them, one after the other. */
export function readState(xml: string): PacemakerState {
  const ready: string[] = [];
  const instances: Instance[] = [];
  const failures: string[] = [];
  let resource: Readonly<Record<string, string>> | undefined;
  for (const [, end, name, rest] of xml.matchAll(/<(\/?)(node|resource|failure)\b([^>]*)>/g)) {
    const attributes = attributesOf(rest ?? '');
    if (name === 'resource') {
      resource = end === '/' || rest?.endsWith('/') === true ? undefined : attributes;
    } else if (name === 'node' && resource !== undefined) {
      const { id = '', role = '' } = resource;
      instances.push({ resource: id, role, node: attributes['name'] ?? '' });
    } else if (name === 'node' && isReady(attributes)) {
      ready.push(attributes['name'] ?? '');
    } else if (name === 'failure') {
      failures.push(`${attributes['op_key'] ?? ''} on ${attributes['node'] ?? ''}`);
    }
  }
  return { ready, instances, failures };
}

const isReady = (node: Readonly<Record<string, string>>): boolean =>
  node['online'] === 'true' &&
  ['standby', 'pending', 'unclean', 'maintenance'].every((state) => node[state] !== 'true');

/** Pacemaker 2.1 says Promoted; what was promised to be understood until 3.0 says Master. */
const isPromoted = ({ resource, role }: Instance): boolean =>
  resource === 'drbd' && (role === 'Promoted' || role === 'Master');

export const promotedNode = ({ instances }: PacemakerState): string | undefined =>
  instances.find(isPromoted)?.node;

/** Both nodes take part, the mirror is on both, and each of these resources is started where it is promoted. */
export function isWhole(state: PacemakerState, resources: readonly string[]): boolean {
  const node = promotedNode(state);
  const started = new Set(
    state.instances
      .filter((instance) => instance.role === 'Started' && instance.node === node)
      .map(({ resource }) => resource),
  );
  return (
    node !== undefined &&
    state.ready.length === 2 &&
    state.instances.filter(({ resource }) => resource === 'drbd').length === 2 &&
    resources.every((resource) => started.has(resource))
  );
}
