import { z } from 'zod';
import { fenceActions, type ClusterFile as ClusterFileModel } from '../../model/index.ts';
import { addressSchema, portalSchema } from './addresses.ts';
import { addressesOf, fenceDevicesOf, fenceSchema, switchesOf } from './fence-device.ts';
import { diskSchema } from './disk.ts';
import { HostCreate } from './hosts.ts';
import { describes } from './json.ts';
import { iqnSchema, nameSchema } from './names.ts';
import { sbdContradictions, sbdSchema } from './sbd.ts';

const nodeSchema = z.strictObject({
  name: nameSchema,
  management: addressSchema,
  cluster: addressSchema,
  replication: addressSchema,
  // Knet has eight links; two of them are those over the cluster and the replication network.
  links: z.array(addressSchema).max(6, 'must be at most 6 links').optional(),
  disk: diskSchema,
  fence: fenceSchema,
  fenceAction: z.enum(fenceActions).optional(),
});

const heuristicsSchema = z
  .strictObject({
    mode: z.enum(['on', 'sync']).optional(),
    timeout: z.int().min(1000, 'must be at least 1000 ms').max(120_000).optional(),
    ping: z.array(addressSchema).max(8, 'must be at most 8 addresses').optional(),
    programs: z.array(nameSchema).max(8, 'must be at most 8 programs').optional(),
  })
  .refine(
    ({ ping, programs }) => (ping?.length ?? 0) + (programs?.length ?? 0) > 0,
    'must be an address to ping or a program at least',
  )
  .refine(
    ({ ping, timeout }) => (ping?.length ?? 0) === 0 || (timeout ?? 5000) >= 2000,
    'with ping, the timeout must be at least 2000 ms: three are sent, and each is waited for',
  );

/** A machine with corosync-qnetd. */
export const witnessSchema = z.strictObject({
  address: addressSchema,
  tls: z.enum(['off', 'on', 'required']).optional(),
  heuristics: heuristicsSchema.optional(),
});

const propertiesSchema = z.strictObject({
  quorumPolicy: z.enum(['stop', 'freeze']).optional(),
  token: z.int().min(500).max(60_000).optional(),
  engineGrace: z.int().min(1000).max(600_000).optional(),
  fenceDelay: z.int().min(0).max(120_000).optional(),
  fenceAction: z.enum(fenceActions).optional(),
  patience: z.number().min(1).max(100).optional(),
});

const shape = z.strictObject({
  name: nameSchema,
  testOnly: z.literal(true).optional(),
  nodes: z.array(nodeSchema).length(2, 'must be exactly two nodes'),
  pool: z.strictObject({ name: nameSchema, preferredNode: nameSchema.optional() }),
  target: z.strictObject({
    iqn: iqnSchema,
    portals: z.array(portalSchema).min(1, 'must be one portal at least').max(8, 'must be at most 8 portals'),
  }),
  hosts: z.array(HostCreate).max(64, 'must be at most 64 hosts'),
  properties: propertiesSchema.optional(),
  witness: witnessSchema.optional(),
  sbd: sbdSchema.optional(),
});

type Shape = z.output<typeof shape>;

/** What no single field can tell: things that must differ, and names that must exist. */
function contradictions(file: Shape): { path: string; message: string }[] {
  const found: { path: string; message: string }[] = [];
  const mustDiffer = (path: string, what: string, values: readonly string[]): void => {
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) found.push({ path, message: `${what} ${twice} is there twice` });
  };
  const { nodes, hosts, target, pool } = file;
  mustDiffer(
    'nodes',
    'the name',
    nodes.map((node) => node.name),
  );
  mustDiffer(
    'nodes',
    'the management address',
    nodes.map((node) => node.management),
  );
  mustDiffer(
    'nodes',
    'the cluster address',
    nodes.map((node) => node.cluster),
  );
  mustDiffer(
    'nodes',
    'the replication address',
    nodes.map((node) => node.replication),
  );
  mustDiffer(
    'nodes',
    'the link address',
    nodes.flatMap(({ links = [], cluster, replication }) =>
      links.length === 0 ? [] : [...new Set([cluster, replication]), ...links],
    ),
  );
  if (new Set(nodes.map((node) => node.links?.length ?? 0)).size > 1)
    found.push({ path: 'nodes', message: 'every node must have as many links as the others' });
  const witness = file.witness?.address;
  if (nodes.some((node) => [node.management, node.cluster, node.replication].some((one) => one === witness)))
    found.push({
      path: 'witness',
      message: 'the witness must be a machine of its own, not one of the nodes',
    });
  // One device for both would switch off the node that is to survive.
  mustDiffer(
    'nodes',
    'the fence device',
    nodes.flatMap(({ fence }) => fenceDevicesOf(fence).flatMap(switchesOf)),
  );
  found.push(...sbdContradictions(nodes, file.sbd));
  mustDiffer(
    'hosts',
    'the host',
    hosts.map((host) => host.name),
  );
  mustDiffer(
    'hosts',
    'the initiator',
    hosts.flatMap((host) => host.initiators),
  );

  const portals = target.portals.map((portal) => portal.replace(/\/.*$/, ''));
  mustDiffer('target', 'the portal', portals);
  const fixed = new Set(
    nodes.flatMap((node) => [
      node.management,
      node.cluster,
      node.replication,
      ...(node.links ?? []),
      ...fenceDevicesOf(node.fence).flatMap(addressesOf),
    ]),
  );
  const clash = portals.find((portal) => fixed.has(portal));
  if (clash !== undefined)
    found.push({ path: 'target', message: `the portal ${clash} is the address of a node or a fence device` });
  if (hosts.some((host) => host.initiators.includes(target.iqn)))
    found.push({ path: 'hosts', message: `an initiator has the name of the target, ${target.iqn}` });
  if (pool.preferredNode !== undefined && !nodes.some((node) => node.name === pool.preferredNode))
    found.push({ path: 'pool', message: `preferredNode ${pool.preferredNode} is not one of the nodes` });
  return found;
}

/** The file that forms a cluster; what it gives is exactly the model's type of the same name. */
export const ClusterFile = describes<ClusterFileModel>()(
  shape.superRefine((file, context) => {
    for (const { path, message } of contradictions(file))
      context.addIssue({ code: 'custom', path: [path], message });
  }),
);
