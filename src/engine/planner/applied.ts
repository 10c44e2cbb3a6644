import type { AgentName, NodeName, Parameters, ResourceId } from '../../model/index.ts';
import { canonical } from '../config/canonical.ts';
import type { Definition, Facts } from './facts.ts';
import { policyOf } from './policy.ts';

/**
 * Agents that bring what runs to other parameters, each with those by which the thing is known: one of these can only
 * be changed by a restart.
 */
const IDENTITY: Readonly<Partial<Record<AgentName, readonly string[]>>> = {
  lvm: ['volumeGroup', 'device'],
  'lio-target': ['iqn'],
  'lio-lun': ['iqn', 'lun', 'number', 'serial', 'volumeGroup', 'volume'],
};

const known = new WeakMap<Parameters, string>();

/**
 * Parameters in short, to tell whether what runs was brought to them: `IDENTITY.REST`. They hold secrets, and cannot be
 * had back from it. undefined: the agent cannot reload, and its monitor alone tells what is wrong.
 */
export function inShort(agent: AgentName, parameters: Parameters): string | undefined {
  const names = IDENTITY[agent];
  if (names === undefined) return undefined;
  const before = known.get(parameters);
  if (before !== undefined) return before;
  const isIdentity = ([name]: readonly [string, unknown]): boolean => names.includes(name);
  const all = Object.entries(parameters);
  const text = [all.filter(isIdentity), all.filter((entry) => !isIdentity(entry))]
    .map((part) => shortened(canonical(Object.fromEntries(part))))
    .join('.');
  known.set(parameters, text);
  return text;
}

/** What its definition asks of an instance that runs, in Pacemaker's sense. */
export type Change = 'none' | 'reload' | 'restart';

export function changeOf(facts: Facts, { id, primitive }: Definition, node: NodeName): Change {
  const { applied, drift } = facts.seen(id, node);
  const wanted = inShort(primitive.agent, primitive.parameters);
  if (wanted === undefined) return 'none';
  if (applied !== undefined && applied !== '' && identity(applied) !== identity(wanted)) return 'restart';
  if (applied !== undefined && applied !== wanted) return 'reload';
  if (drift === undefined) return 'none';
  // What nobody has done is nobody's wish.
  return drift.code !== 'configuration_drifted' || isRepaired(facts, id) ? 'reload' : 'none';
}

const isRepaired = ({ input }: Pick<Facts, 'input'>, id: ResourceId): boolean =>
  policyOf(input.config, id).onDrift !== 'report';

const identity = (short: string): string => short.slice(0, short.indexOf('.'));

/** 64 bits that differ where the texts do, but by chance: two sums of all characters, each mixed in another way. */
function shortened(text: string): string {
  let [one, other] = [0x9e3779b9, text.length];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul((other << 5) ^ (other >>> 27) ^ code, 0x85ebca6b);
  }
  return [one, other ^ (one >>> 15)].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
