import { z } from 'zod';
import { ClusterFile, HostCreate, LunCreate, nameSchema, witnessSchema } from '../api/schemas/index.ts';
import { subnetOf } from '../model/index.ts';

const cluster = ClusterFile.shape;
const node = cluster.nodes.element.shape;

const subnetSchema = z
  .string()
  .regex(/^\d{1,3}(?:\.\d{1,3}){3}\/(?:[89]|[12]\d|30)$/, 'must be a subnet such as 10.0.1.0/24')
  .refine((text) => {
    const [address = '', prefix = ''] = text.split('/');
    return subnetOf(address, Number(prefix)) === text;
  }, 'must be the subnet itself, such as 10.0.1.0/24');

const none = z.literal('none');

/**
 * What a set-up can be told. Everything may be left out: it is then asked for, or what is proposed is taken. The
 * documentation and its JSON schema (docs/answers.schema.json) are made from here.
 */
export const Answers = z.strictObject({
  joinCode: z.string().max(100).optional().meta({
    description:
      'What `keelson cluster join-code` prints on the other node. Secret; the environment variable KEELSON_JOIN_CODE serves too',
  }),
  name: cluster.name.optional().meta({ description: 'Of the SAN; `san` is proposed' }),
  networks: z
    .strictObject({
      management: subnetSchema,
      cluster: subnetSchema,
      replication: subnetSchema,
      storage: z.array(subnetSchema).min(1, 'must be one subnet at least').max(8),
    })
    .optional()
    .meta({
      description:
        'Which subnet is for what, as both nodes have them already; proposed by the names and speeds of the cards',
    }),
  disks: z.record(nameSchema, node.disk).optional().meta({
    description: 'By node: the disk that is mirrored. The only one that carries nothing is taken unasked',
  }),
  pool: cluster.pool.shape.name.optional().meta({ description: 'Its name; `pool1` where none is given' }),
  portals: cluster.target.shape.portals.optional().meta({
    description:
      'The addresses that hosts connect to, with prefix lengths; an IPv4 one in each storage network is proposed. An IPv6 one may be anywhere where both nodes have an IPv6 address of their own',
  }),
  iqn: cluster.target.shape.iqn
    .optional()
    .meta({ description: 'Of the target; made of the name of the SAN' }),
  fencing: z.record(nameSchema, node.fence).optional().meta({
    description:
      'By node: what cuts its power, as in a cluster file. Nothing is proposed: the machine does not know it',
  }),
  sbd: cluster.sbd.meta({
    description: 'What nodes with a fence device of kind `sbd` share, as in a cluster file',
  }),
  testOnly: cluster.testOnly.meta({
    description: 'It may lose its data: fence devices that prove nothing are allowed',
  }),
  witness: z
    .union([
      none,
      witnessSchema.extend({
        secret: z.string().max(1024).optional().meta({
          description: 'What `keelson-witness setup` printed there; KEELSON_WITNESS_SECRET serves too',
        }),
      }),
    ])
    .optional()
    .meta({ description: 'A third machine that votes, or `none`, which is proposed' }),
  host: z
    .union([none, HostCreate])
    .optional()
    .meta({ description: 'The first host, or `none`, which is proposed' }),
  lun: z
    .union([none, LunCreate.pick({ name: true, size: true })])
    .optional()
    .meta({ description: 'The first LUN, or `none`; half of the pool, and at most 100 GiB, is proposed' }),
  properties: cluster.properties.meta({ description: 'As in a cluster file; never asked for' }),
});

export type Answers = z.output<typeof Answers>;

/** The topics that a set-up asks about. */
export type Told = Omit<Answers, 'joinCode' | 'sbd' | 'properties' | 'pool' | 'iqn' | 'testOnly'>;
