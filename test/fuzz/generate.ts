import { Random } from '../simulation/random.ts';
import type { FuzzedCluster, Statement } from './cluster.ts';
import { constraintsBetween } from './generate-constraints.ts';
import { optionsOf, type Maker, type Part } from './generate-primitives.ts';
import { cloneOf, familyOf, fencingOf, layersOf, promotableGroupOf } from './generate-resources.ts';
import { stackOf } from './generate-stack.ts';
import { stepsOf } from './generate-steps.ts';

/** The same seed gives the same cluster: storage stacks above all, with the oddities that people configure. */
export function generate(seed: number): FuzzedCluster {
  const random = new Random(seed);
  const nodes = ['a', 'b', 'c', 'd', 'e']
    .slice(0, random.pick([2, 2, 2, 2, 3, 3, 4, 5]))
    .map((letter) => `node-${letter}`);
  const isFenced = random.chance(0.7);
  const maker: Maker = {
    random,
    nodes,
    oddness: random.pick([0.01, 0.03, 0.03, 0.06]),
    hasUnfencing: isFenced && random.chance(0.15),
  };
  const parts: Part[] = [];
  if (isFenced) parts.push(fencingOf(maker));
  const stacks = random.pick([1, 1, 2, 3]);
  for (let number = 1; number <= stacks; number += 1) parts.push(stackOf(maker, number));
  if (random.chance(0.25)) parts.push(cloneOf(maker));
  if (random.chance(0.1)) parts.push(layersOf(maker));
  if (random.chance(0.08)) parts.push(promotableGroupOf(maker));
  if (random.chance(0.3)) parts.push(familyOf(maker));
  const statements: readonly Statement[] = [
    ...nodes.map((node, index) => nodeStatement(maker, node, index + 1)),
    ...parts.flatMap((part) => part.statements),
    ...constraintsBetween(maker, parts),
    properties(maker, isFenced),
    ...[resourceDefaults(random), operationDefaults(random)].filter(({ options }) => options.length > 0),
  ];
  return { seed, nodes, statements, steps: stepsOf(random, nodes, statements, parts) };
}

function nodeStatement({ random, oddness }: Maker, name: string, id: number): Statement {
  const attributes = [
    ...optionsOf(random, { standby: ['on'], maintenance: ['true'] }, oddness),
    ...optionsOf(random, { site: ['east', 'west'], weight: ['10', '-5', 'INFINITY'] }, 0.15),
  ];
  const capacity = random.chance(0.2) ? [`utilization memory=${random.pick([2, 4, 8])}`] : [];
  return {
    head: `node ${id}: ${name}`,
    options: [...attributes.map((option) => `attributes ${option}`), ...capacity],
  };
}

const resourceDefaults = (random: Random): Statement => ({
  head: 'rsc_defaults rsc-options:',
  options: optionsOf(
    random,
    {
      'resource-stickiness': ['1', '100', '1000', 'INFINITY'],
      'migration-threshold': ['1', '3'],
      'failure-timeout': ['60s'],
      'multiple-active': ['stop_unexpected'],
    },
    0.2,
  ),
});

const operationDefaults = (random: Random): Statement => ({
  head: 'op_defaults op-options:',
  options: optionsOf(random, { timeout: ['90s'], 'on-fail': ['restart', 'standby'] }, 0.04),
});

function properties({ random, oddness }: Maker, isFenced: boolean): Statement {
  const rare = {
    'start-failure-is-fatal': ['false'],
    'symmetric-cluster': ['false'],
    'stop-orphan-resources': ['false'],
    'stop-orphan-actions': ['false'],
    'maintenance-mode': ['true'],
    'concurrent-fencing': ['true', 'false'],
    'stonith-action': ['off'],
    'startup-fencing': ['false'],
    'enable-startup-probes': ['false'],
    'stop-all-resources': ['true'],
    'shutdown-lock': ['true'],
    'stonith-timeout': ['90s'],
  };
  const usual = {
    'no-quorum-policy': ['ignore', 'ignore', 'stop', 'freeze', 'demote', 'suicide'],
    'placement-strategy': ['utilization', 'minimal', 'balanced'],
    'priority-fencing-delay': ['15s'],
    'node-health-strategy': ['migrate-on-red', 'only-green', 'progressive', 'custom'],
  };
  return {
    head: `property cib-bootstrap-options: stonith-enabled=${isFenced}`,
    options: [...optionsOf(random, usual, 0.12), ...optionsOf(random, rare, Math.max(oddness, 0.03))],
  };
}
