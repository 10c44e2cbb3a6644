import type { Statement } from './cluster.ts';
import { metaOf, optionsOf, primitiveOf, type Maker, type Part } from './generate-primitives.ts';

/** One device for all, or one a node that does not run there; sometimes with a second level, or one that unfences. */
export function fencingOf(maker: Maker): Part {
  const { random, nodes, hasUnfencing, oddness } = maker;
  const isSingle = random.chance(0.5);
  const single: readonly Statement[] = [
    {
      head: 'primitive fencing stonith:fence_dummy',
      options: ['op monitor interval=60s', ...metaOf(maker, oddness / 3)],
    },
  ];
  const each = nodes.flatMap((node): readonly Statement[] => [
    { head: `primitive fence-${node} stonith:fence_dummy`, options: [`params pcmk_host_list=${node}`] },
    { head: `location fence-${node}-away fence-${node} -inf: ${node}`, options: [] },
  ]);
  const names = isSingle ? ['fencing'] : nodes.map((node) => `fence-${node}`);
  return {
    statements: [
      ...(isSingle ? single : each),
      ...(hasUnfencing
        ? [
            {
              head: 'primitive scsi stonith:fence_scsi',
              options: [
                'meta provides=unfencing',
                ...(random.chance(0.5) ? [`params pcmk_host_list="${nodes.join(' ')}"`] : []),
                ...(random.chance(0.3) ? ['op monitor interval=120s'] : []),
              ],
            },
          ]
        : []),
      ...(random.chance(0.2)
        ? [
            {
              head: `fencing_topology ${nodes[0] ?? ''}: ${names[0] ?? ''}${hasUnfencing ? ' scsi' : ''}`,
              options: [],
            },
          ]
        : []),
    ],
    top: [],
    primitives: [...names, ...(hasUnfencing ? ['scsi'] : [])],
    mirrors: [],
    movable: [],
  };
}

/** A plain clone with something on it: ping, or a cluster file system and its user. */
export function cloneOf(maker: Maker): Part {
  const { random, oddness } = maker;
  return {
    statements: [
      primitiveOf(maker, 'dlm'),
      primitiveOf(maker, 'fs'),
      primitiveOf(maker, 'db', { likelier: 2 }),
      { head: 'group shared dlm fs', options: metaOf(maker, oddness / 3) },
      {
        head: 'clone shareds shared',
        options: optionsOf(
          random,
          {
            interleave: ['true'],
            ordered: ['true'],
            'clone-max': ['1', '2'],
            'clone-min': ['1', '2'],
            notify: ['true'],
            'clone-node-max': ['2'],
            'globally-unique': ['true'],
          },
          0.3,
        ).map((option) => `meta ${option}`),
      },
      { head: `colocation db-with-fs ${random.pick(['inf', 'inf', '100'])}: db shareds`, options: [] },
      {
        head: `order fs-before-db ${random.pick(['Mandatory', 'Mandatory', 'Optional'])}: shareds db`,
        options: [],
      },
    ],
    top: ['db', 'shareds'],
    primitives: ['dlm', 'fs', 'db'],
    mirrors: [],
    movable: [],
  };
}

/** A clone of one primitive and a clone on it, instance by instance. */
export function layersOf(maker: Maker): Part {
  const { random } = maker;
  const meta = (): readonly string[] =>
    optionsOf(
      random,
      { interleave: ['true', 'true'], ordered: ['true'], notify: ['true'], 'clone-max': ['1', '3'] },
      0.4,
    ).map((option) => `meta ${option}`);
  return {
    statements: [
      primitiveOf(maker, 'ping', { agent: 'ocf:pacemaker:ping' }),
      { head: 'clone pings ping', options: meta() },
      primitiveOf(maker, 'web'),
      { head: 'clone webs web', options: [...meta(), ...metaOf(maker, maker.oddness)] },
      { head: `order ping-before-web ${random.pick(['Mandatory', 'Optional'])}: pings webs`, options: [] },
      {
        head: `colocation web-with-ping ${random.pick(['inf', '100', '-inf'])}: webs pings`,
        options: [],
      },
    ],
    top: ['pings', 'webs'],
    primitives: ['ping', 'web'],
    mirrors: [],
    movable: [],
  };
}

/** A promotable clone of a group. */
export function promotableGroupOf(maker: Maker): Part {
  return {
    statements: [
      primitiveOf(maker, 'pg', { isPromotable: true }),
      primitiveOf(maker, 'pgip', { isPromotable: maker.random.chance(0.7) }),
      { head: 'group pgs pg pgip', options: [] },
      {
        head: 'clone pgset pgs meta promotable=true',
        options: optionsOf(
          maker.random,
          { notify: ['true'], interleave: ['true'], 'promoted-max': ['2'], 'clone-max': ['2'] },
          0.3,
        ).map((option) => `meta ${option}`),
      },
    ],
    top: ['pgset'],
    primitives: ['pg', 'pgip'],
    mirrors: [{ clone: 'pgset', primitive: 'pg' }],
    movable: [],
  };
}

/** Primitives that stand alone, some of them able to migrate, some made from a template or tagged. */
export function familyOf(maker: Maker): Part {
  const { random } = maker;
  const names = Array.from({ length: random.between(1, 4) }, (_, index) => `vm${index + 1}`);
  const movable = names.filter(() => random.chance(0.5));
  const hasTemplate = random.chance(0.3);
  const isTagged = random.chance(0.2);
  return {
    statements: [
      ...(hasTemplate
        ? [
            {
              head: 'rsc_template machine ocf:pacemaker:Dummy',
              options: [
                'op monitor interval=10s',
                ...metaOf(maker, maker.oddness),
                ...(random.chance(0.3) ? ['utilization memory=1'] : []),
              ],
            },
          ]
        : []),
      ...names.map((name) => {
        const agent = random.chance(0.1) ? random.pick(['systemd:app', 'lsb:app']) : 'ocf:pacemaker:Dummy';
        const made = primitiveOf(maker, name, { likelier: 2, agent });
        const isLike = hasTemplate && random.chance(0.6);
        return {
          head: isLike ? `primitive ${name} @machine` : made.head,
          options: [
            ...(isLike ? made.options.filter((option) => !option.startsWith('op monitor')) : made.options),
            ...(movable.includes(name) ? ['meta allow-migrate=true'] : []),
            ...(random.chance(0.3) ? [`meta priority=${random.pick([1, 5, 20])}`] : []),
          ],
        };
      }),
      ...(isTagged ? [{ head: `tag machines ${names.join(' ')}`, options: [] }] : []),
    ],
    top: [...names, ...(isTagged ? ['machines'] : [])],
    primitives: names,
    mirrors: [],
    movable,
  };
}
