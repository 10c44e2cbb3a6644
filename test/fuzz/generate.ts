import { Random } from '../simulation/random.ts';
import type { FuzzedCluster, Statement } from './cluster.ts';
import { constraintsBetween } from './generate-constraints.ts';
import { stepsOf } from './generate-steps.ts';
import { cloneOf, familyOf, fencing, optionsOf, stackOf, type Part } from './generate-resources.ts';

/** The same seed gives the same cluster: storage stacks above all, with the oddities that people configure. */
export function generate(seed: number): FuzzedCluster {
  const random = new Random(seed);
  const nodes = ['a', 'b', 'c', 'd'].slice(0, random.pick([2, 2, 2, 3, 4])).map((letter) => `node-${letter}`);
  const parts: Part[] = [];
  const isFenced = random.chance(0.7);
  if (isFenced) parts.push(fencing(random, nodes));
  const stacks = random.pick([1, 1, 2, 3]);
  for (let number = 1; number <= stacks; number += 1) parts.push(stackOf(random, nodes, number));
  if (random.chance(0.3)) parts.push(cloneOf(random));
  if (random.chance(0.3)) parts.push(familyOf(random));
  const statements: readonly Statement[] = [
    ...nodes.map((node, index) => nodeStatement(random, node, index + 1)),
    ...parts.flatMap((part) => part.statements),
    ...constraintsBetween(random, nodes, parts),
    properties(random, isFenced),
    ...(random.chance(0.5)
      ? [
          {
            head: 'rsc_defaults rsc-options:',
            options: optionsOf(random, {
              'resource-stickiness': ['1', '100', '1000', 'INFINITY'],
              'migration-threshold': ['1', '3'],
            }),
          },
        ].filter(({ options }) => options.length > 0)
      : []),
  ];
  return { seed, nodes, statements, steps: stepsOf(random, nodes, statements, parts) };
}

function nodeStatement(random: Random, name: string, id: number): Statement {
  const attributes = optionsOf(
    random,
    { standby: ['on'], maintenance: ['true'], site: ['east', 'west'] },
    0.08,
  );
  const capacity = random.chance(0.2) ? [`utilization memory=${random.pick([2, 4, 8])}`] : [];
  return {
    head: `node ${id}: ${name}`,
    options: [...attributes.map((option) => `attributes ${option}`), ...capacity],
  };
}

const properties = (random: Random, isFenced: boolean): Statement => ({
  head: `property cib-bootstrap-options: stonith-enabled=${isFenced}`,
  options: optionsOf(
    random,
    {
      'no-quorum-policy': ['ignore', 'ignore', 'stop', 'freeze', 'demote', 'suicide'],
      'start-failure-is-fatal': ['false'],
      'symmetric-cluster': ['false'],
      'stop-orphan-resources': ['false'],
      'maintenance-mode': ['true'],
      'placement-strategy': ['utilization', 'minimal', 'balanced'],
      'concurrent-fencing': ['true', 'false'],
      'stonith-action': ['off'],
      'startup-fencing': ['false'],
      'priority-fencing-delay': ['15s'],
      'stop-all-resources': ['true'],
      'node-health-strategy': ['migrate-on-red', 'only-green', 'progressive'],
    },
    0.12,
  ),
});
