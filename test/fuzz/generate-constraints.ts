import type { Random } from '../simulation/random.ts';
import type { Statement } from './cluster.ts';
import { optionsOf, type Part } from './generate-resources.ts';

const SCORES = ['inf', '-inf', '100', '-100', '1', '-1', '999999', '0'] as const;

/** Odd constraints across the parts of a cluster, each where chance wants it. */
export function constraintsBetween(
  random: Random,
  nodes: readonly string[],
  parts: readonly Part[],
): readonly Statement[] {
  const tops = parts.flatMap(({ top }) => top);
  const primitives = parts.flatMap((part) => part.primitives);
  const found: Statement[] = [];
  const add = (head: string, options: readonly string[] = []): void => void found.push({ head, options });
  const count = random.pick([0, 0, 1, 2, 3, 4]);
  for (let number = 1; number <= count; number += 1) {
    const one = random.pick(tops);
    const other = random.pick(tops);
    switch (random.between(1, 7)) {
      case 1:
        add(
          `location l${number} ${random.pick([one, random.pick(primitives)])} ${random.pick(SCORES)}: ${random.pick(nodes)}`,
        );
        break;
      case 2:
        add(
          `location l${number} ${one} rule ${random.pick(SCORES)}: ${random.pick(['not_defined pingd or pingd number:lte 0', 'defined pingd', '#uname ne node-a', 'site eq east'])}`,
        );
        break;
      case 3:
        if (one !== other)
          add(
            `colocation c${number} ${random.pick(SCORES)}: ${one} ${other}`,
            optionsOf(random, { influence: ['false'] }),
          );
        break;
      case 4:
        if (one !== other)
          add(
            `order o${number} ${random.pick(['Mandatory', 'Optional', 'Serialize'])}: ${one} ${other}`,
            optionsOf(random, { symmetrical: ['false'] }),
          );
        break;
      case 5: {
        const members = [...new Set([one, other, random.pick(tops)])];
        if (members.length === 3)
          add(
            `${random.chance(0.5) ? 'order' : 'colocation'} s${number} inf: ${members[0] ?? ''} ${random.pick(['( # )', '[ # ]', '#']).replace('#', members.slice(1).join(' '))}`.replace(
              /^(colocation .*)\[(.*)\]$/,
              '$1($2)',
            ),
          );
        break;
      }
      case 6:
        add(
          `location d${number} ${random.pick(primitives)} resource-discovery=${random.pick(['never', 'exclusive', 'always'])} ${random.pick(SCORES)}: ${random.pick(nodes)}`,
        );
        break;
      default:
        if (one !== other && random.chance(0.5))
          add(`colocation c${number} ${random.pick(SCORES)}: ${one} ${other}`, ['node-attribute=site']);
    }
  }
  return found;
}
