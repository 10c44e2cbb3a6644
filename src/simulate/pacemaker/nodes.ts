import { INFINITY, parseScore } from '../../engine/scheduler/rules/values.ts';
import type { Node } from '../../engine/scheduler/unpack/node.ts';
import type { Settings, Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { headed } from './list.ts';

type Health = 'green' | 'yellow' | 'red';

const HEALTH_STRATEGIES = new Set(['only-green', 'migrate-on-red', 'progressive', 'custom']);

/** "Pacemaker Explained", node health: the worst of all `#health...` attributes; green where no strategy asks. */
const healthOf = (node: Node, settings: Settings): Health => {
  const { properties } = settings;
  if (!HEALTH_STRATEGIES.has((properties.get('node-health-strategy') ?? '').toLowerCase())) return 'green';
  const score = (name: Health, usual: number): number => {
    const text = properties.get(`node-health-${name}`);
    return text === undefined ? usual : parseScore(text);
  };
  const limits = { red: score('red', -INFINITY), yellow: score('yellow', 0), green: score('green', 0) };
  let health: Health = 'green';
  for (const [name, text] of node.attributes) {
    if (!name.startsWith('#health')) continue;
    const word = text.toLowerCase();
    if (word === 'red') return 'red';
    if (word === 'yellow') {
      health = 'yellow';
      continue;
    }
    const value = word === 'green' ? limits.green : parseScore(text);
    if (value <= limits.red) return 'red';
    if (value <= limits.yellow && limits.yellow !== limits.green) health = 'yellow';
  }
  return health;
};

const stateOf = (node: Node): string => {
  if (node.isUnclean) {
    if (node.isOnline) return 'UNCLEAN (online)';
    return node.isPending ? 'UNCLEAN (pending)' : 'UNCLEAN (offline)';
  }
  if (node.isPending) return 'pending';
  if (node.isStandbyOnFail && node.isOnline) return 'standby (on-fail)';
  if (node.isStandby) {
    if (!node.isOnline) return 'OFFLINE (standby)';
    return node.running.length > 0 ? 'standby (with active resources)' : 'standby';
  }
  if (node.isInMaintenance) return node.isOnline ? 'maintenance' : 'OFFLINE (maintenance)';
  return node.isOnline ? 'online' : 'OFFLINE';
};

/** "Node List": nodes with something remarkable by themselves, the others as two lists. */
export const nodeList = (unpacked: Unpacked): string[] => {
  const lines: string[] = [];
  const lists = new Map<string, string[]>([
    ['Online', []],
    ['OFFLINE', []],
    ['RemoteOnline', []],
    ['RemoteOFFLINE', []],
  ]);
  for (const node of unpacked.nodes) {
    const health = healthOf(node, unpacked.settings);
    const isRemarkable =
      node.isUnclean ||
      node.isPending ||
      (node.isStandbyOnFail && node.isOnline) ||
      node.isStandby ||
      node.isInMaintenance ||
      health !== 'green';
    const isRemote = node.type === 'remote';
    if (isRemarkable) {
      const remark = health === 'green' ? '' : ` (health is ${health.toUpperCase()})`;
      lines.push(`${isRemote ? 'RemoteNode' : 'Node'} ${node.name}: ${stateOf(node)}${remark}`);
    } else {
      lists.get(`${isRemote ? 'Remote' : ''}${node.isOnline ? 'Online' : 'OFFLINE'}`)?.push(node.name);
    }
  }
  for (const [title, names] of lists) {
    if (names.length > 0) lines.push(`${title}: [ ${names.join(' ')} ]`);
  }
  return headed('Node List', [], lines);
};
