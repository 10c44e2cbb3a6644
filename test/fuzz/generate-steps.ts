import type { Random } from '../simulation/random.ts';
import type { Edit, FuzzedCluster, Mark, NodeAttribute, Statement, Step } from './cluster.ts';
import type { Part } from './generate-primitives.ts';

/** Before anything that a history tells of, and long after it. */
const EARLY = 1_700_000_000;
const LATE = 1_950_000_000;

/** What a story may speak of. */
interface Cast extends Pick<FuzzedCluster, 'nodes' | 'statements'> {
  readonly random: Random;
  readonly primitives: readonly string[];
  readonly mirrors: readonly string[];
  readonly movable: readonly string[];
}

/** First everything starts; then things happen. */
export function stepsOf(
  random: Random,
  nodes: readonly string[],
  statements: readonly Statement[],
  parts: readonly Part[],
): readonly Step[] {
  const cast: Cast = {
    random,
    nodes,
    statements,
    primitives: parts.flatMap((part) => part.primitives),
    mirrors: parts.flatMap((part) => part.mirrors).map(({ primitive }) => primitive),
    movable: parts.flatMap((part) => part.movable),
  };
  const steps: Step[] = [
    {
      flags: nodes.map((node) => `--node-up=${node}`),
      attributes: firstAttributes(cast),
      edits: [],
      marks: [],
      now: EARLY,
    },
    // Promotion scores count once the instances run.
    { flags: [], attributes: [], edits: [], marks: [], now: EARLY },
  ];
  const count = random.between(1, 4);
  for (let number = 0; number < count; number += 1) steps.push(happening(cast));
  return steps;
}

const firstAttributes = ({ random, nodes, mirrors }: Cast): readonly NodeAttribute[] =>
  nodes.flatMap((node) => [
    ...mirrors.flatMap((primitive) =>
      random.chance(0.9)
        ? [
            {
              node,
              name: `master-${primitive}`,
              value: random.pick(['10000', '10000', '1000', '5', '-1', '10', 'INFINITY']),
            },
          ]
        : [],
    ),
    ...(random.chance(0.7) ? [{ node, name: 'pingd', value: random.pick(['1000', '1000', '0']) }] : []),
    ...(random.chance(0.05)
      ? [{ node, name: '#health-disk', value: random.pick(['red', 'yellow', 'green', '-100']) }]
      : []),
  ]);

const DEFINITION_EDITS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^node /, ['attributes standby=on', 'attributes standby=off', 'attributes maintenance=true']],
  [
    /^primitive .*(Dummy|Stateful)/,
    [
      'meta target-role=Stopped',
      'meta is-managed=false',
      'params state=/run/x',
      'params state=/run/x',
      'meta priority=20',
      'op monitor interval=25s',
      'op start interval=0 on-fail=fence',
    ],
  ],
  [/^group /, ['meta target-role=Stopped', 'meta is-managed=false', 'meta maintenance=true']],
  [
    /^clone /,
    [
      'meta target-role=Stopped',
      'meta target-role=Unpromoted',
      'meta is-managed=false',
      'meta maintenance=true',
      'meta clone-max=1',
      'meta promoted-max=2',
    ],
  ],
  [/^property /, ['stop-all-resources=true', 'maintenance-mode=true', 'no-quorum-policy=stop']],
];

const MEMBERSHIPS: readonly Readonly<Record<string, string>>[] = [
  { join: 'down' },
  { join: 'pending' },
  { in_ccm: 'false' },
  { crmd: 'offline' },
  { expected: 'down' },
  { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' },
  { crmd: 'offline', join: 'down' },
];

interface Events {
  readonly flags: string[];
  readonly attributes: NodeAttribute[];
  readonly edits: Edit[];
  readonly marks: Mark[];
}

type Event = (cast: Cast, events: Events, node: string) => void;

const nodeFails: Event = (_, { flags }, node) => void flags.push(`--node-fail=${node}`);

const monitorFails: Event = ({ random, primitives }, { flags }, node) => {
  const interval = random.pick(['10000', '20000']);
  const code = random.pick(['7', '1', '9', '5', '8']);
  flags.push(`--op-inject=${random.pick(primitives)}_monitor_${interval}@${node}=${code}`);
};

/** The transition ends early, and what had begun stays as it is. */
const actionFails: Event = ({ random, primitives, nodes, movable }, { flags, edits }, node) => {
  if (movable.length > 0 && random.chance(0.7)) {
    const operation = random.pick(['migrate_to', 'migrate_from', 'stop']);
    edits.push({
      kind: 'gets',
      head: `node ${nodes.indexOf(node) + 1}: ${node}`,
      option: 'attributes standby=on',
    });
    const name = random.pick(movable);
    for (const place of nodes) flags.push(`--op-fail=${name}_${operation}_0@${place}=1`);
    return;
  }
  const operation = random.pick(['start', 'stop', 'promote', 'demote', 'monitor']);
  flags.push(`--op-fail=${random.pick(primitives)}_${operation}_0@${node}=${random.pick(['1', '5', '7'])}`);
};

const mark: Event = ({ random, primitives, nodes }, { marks }, node) => {
  const resource = random.pick(primitives);
  const kind = random.pick(['membership', 'pending', 'forgotten', 'doubled', 'changed', 'aged'] as const);
  if (kind === 'membership') marks.push({ kind, node, fields: random.pick(MEMBERSHIPS) });
  else if (kind === 'doubled') {
    for (const other of nodes) if (other !== node) marks.push({ kind, node, other, resource });
  } else if (kind === 'aged') marks.push({ kind, node, resource, seconds: random.pick([10, 59, 61, 4000]) });
  else if (kind === 'changed') marks.push({ kind, node, resource, reloads: random.chance(0.5) });
  else marks.push({ kind, node, resource });
};

const definitionChanges: Event = ({ random, statements, primitives }, { edits }) => {
  if (random.chance(0.1)) {
    edits.push({ kind: 'gone', resource: random.pick(primitives) });
    return;
  }
  const { head, options } = random.pick(statements);
  if (options.length > 0 && random.chance(0.2)) {
    edits.push({ kind: 'loses', head, option: random.pick(options) });
    return;
  }
  const [, gained] = DEFINITION_EDITS.find(([pattern]) => pattern.test(head)) ?? [];
  if (gained !== undefined) edits.push({ kind: 'gets', head, option: random.pick(gained) });
};

/** Where nothing depends on a ticket, little comes of it. */
const ticketChanges: Event = ({ random, statements }, { flags }) => {
  const isUsed = statements.some(({ head }) => head.startsWith('rsc_ticket'));
  if (isUsed)
    flags.push(`--ticket-${random.pick(['grant', 'grant', 'revoke', 'standby', 'activate'])}=site-ticket`);
};

const EVENTS: readonly Event[] = [
  nodeFails,
  nodeFails,
  (_, { flags }, node) => void flags.push(`--node-down=${node}`),
  (_, { flags }, node) => void flags.push(`--node-up=${node}`),
  monitorFails,
  monitorFails,
  ({ random, primitives }, { flags }, node) => {
    const operation = random.pick(['start', 'stop', 'promote', 'demote', 'monitor', 'monitor']);
    const code = random.pick(['1', '5', '0', '7', '8']);
    flags.push(`--op-inject=${random.pick(primitives)}_${operation}_0@${node}=${code}`);
  },
  actionFails,
  ({ random }, { flags }) => void flags.push(`--quorum=${random.pick(['0', '1'])}`),
  ({ random, mirrors }, { attributes }, node) => {
    if (mirrors.length > 0)
      attributes.push({
        node,
        name: `master-${random.pick(mirrors)}`,
        value: random.pick(['10000', '5', '-1', '20000']),
      });
  },
  ({ random }, { attributes }, node) =>
    void attributes.push(
      random.pick([
        { node, name: 'pingd', value: '0' },
        { node, name: 'pingd', value: '1000' },
        { node, name: 'shutdown', value: String(EARLY) },
        { node, name: 'shutdown', value: '0' },
        { node, name: '#health-disk', value: 'red' },
        { node, name: 'standby', value: 'on' },
      ]),
    ),
  ticketChanges,
  mark,
  mark,
  definitionChanges,
  definitionChanges,
];

function happening(cast: Cast): Step {
  const { random, nodes } = cast;
  const events: Events = { flags: [], attributes: [], edits: [], marks: [] };
  const count = random.pick([1, 1, 1, 2, 3]);
  for (let number = 0; number < count; number += 1) random.pick(EVENTS)(cast, events, random.pick(nodes));
  return { ...events, flags: [...new Set(events.flags)], now: random.chance(0.85) ? EARLY : LATE };
}
