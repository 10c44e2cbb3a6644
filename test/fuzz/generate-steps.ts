import type { Random } from '../simulation/random.ts';
import type { NodeAttribute, Statement, Step } from './cluster.ts';
import type { Part } from './generate-resources.ts';

/** Before anything that a history tells of, and long after it. */
const EARLY = 1_700_000_000;
const LATE = 1_950_000_000;

/** First everything starts; then things happen. */
export function stepsOf(
  random: Random,
  nodes: readonly string[],
  statements: readonly Statement[],
  parts: readonly Part[],
): readonly Step[] {
  const steps: Step[] = [
    {
      flags: nodes.map((node) => `--node-up=${node}`),
      attributes: promotions(random, nodes, parts),
      edits: [],
      now: EARLY,
    },
    // Promotion scores count once the instances run.
    { flags: [], attributes: [], edits: [], now: EARLY },
  ];
  const count = random.between(1, 4);
  for (let number = 0; number < count; number += 1) steps.push(happening(random, nodes, statements, parts));
  return steps;
}

const promotions = (
  random: Random,
  nodes: readonly string[],
  parts: readonly Part[],
): readonly NodeAttribute[] =>
  nodes.flatMap((node) => [
    ...parts
      .flatMap(({ mirrors }) => mirrors)
      .flatMap(({ primitive }) =>
        random.chance(0.9)
          ? [
              {
                node,
                name: `master-${primitive}`,
                value: random.pick(['10000', '10000', '1000', '5', '-1', '10']),
              },
            ]
          : [],
      ),
    ...(random.chance(0.7) ? [{ node, name: 'pingd', value: random.pick(['1000', '1000', '0']) }] : []),
    ...(random.chance(0.05)
      ? [{ node, name: '#health-disk', value: random.pick(['red', 'yellow', 'green']) }]
      : []),
  ]);

const EDITS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^node /, ['attributes standby=on', 'attributes standby=off', 'attributes maintenance=true']],
  [
    /^primitive .*(Dummy|Stateful)/,
    ['meta target-role=Stopped', 'meta is-managed=false', 'params state=/run/x', 'meta priority=20'],
  ],
  [/^(group|clone) /, ['meta target-role=Stopped', 'meta is-managed=false', 'meta maintenance=true']],
  [/^property /, ['stop-all-resources=true', 'maintenance-mode=true', 'no-quorum-policy=stop']],
];

function happening(
  random: Random,
  nodes: readonly string[],
  statements: readonly Statement[],
  parts: readonly Part[],
): Step {
  const flags: string[] = [];
  const attributes: NodeAttribute[] = [];
  const edits: { head: string; option: string }[] = [];
  const primitives = parts.flatMap((part) => part.primitives);
  const mirrors = parts.flatMap((part) => part.mirrors);
  const events = random.pick([1, 1, 1, 2, 3]);
  for (let number = 0; number < events; number += 1) {
    const node = random.pick(nodes);
    switch (random.between(1, 11)) {
      case 1:
      case 2:
        flags.push(`--node-fail=${node}`);
        break;
      case 3:
        flags.push(`--node-down=${node}`);
        break;
      case 4:
        flags.push(`--node-up=${node}`);
        break;
      case 5:
      case 6: {
        const code = random.pick(['7', '1', '9', '5']);
        const interval = random.pick(['10000', '20000']);
        flags.push(`--op-inject=${random.pick(primitives)}_monitor_${interval}@${node}=${code}`);
        break;
      }
      case 7:
        flags.push(
          `--op-inject=${random.pick(primitives)}_${random.pick(['start', 'stop', 'promote', 'demote', 'monitor'])}_0@${node}=${random.pick(['1', '5', '0', '7'])}`,
        );
        break;
      case 8:
        flags.push(`--quorum=${random.pick(['0', '1'])}`);
        break;
      case 9:
        if (mirrors.length > 0)
          attributes.push({
            node,
            name: `master-${random.pick(mirrors).primitive}`,
            value: random.pick(['10000', '5', '-1', '20000']),
          });
        break;
      case 10:
        attributes.push({ node, name: 'pingd', value: random.pick(['0', '1000']) });
        break;
      default: {
        const { head } = random.pick(statements);
        const [, options] = EDITS.find(([pattern]) => pattern.test(head)) ?? [];
        if (options !== undefined) edits.push({ head, option: random.pick(options) });
      }
    }
  }
  return { flags: [...new Set(flags)], attributes, edits, now: random.chance(0.85) ? EARLY : LATE };
}
