import { z } from 'zod';
import { check } from '../api/check.ts';
import {
  Cleanup,
  ClusterAdmit,
  ClusterInit,
  ClusterJoin,
  ConfigRestore,
  FenceDiscover,
  Doctor,
  Examine,
  FenceTest,
  FenceWaive,
  HostChanges,
  HostCreate,
  HostList,
  LunList,
  LunMap,
  PoolList,
  PortalAdd,
  TargetList,
  addressSchema,
  checkChange,
  limitSchema,
  revisionSchema,
  ClusterSet,
  LunCreate,
  LunGrow,
  NodeConfirmOff,
  NodeLeave,
  NodeReplace,
  NodeSet,
  ResourceSet,
  resourceSchema,
  nameSchema,
  operationIdSchema,
  JoinCodeAsk,
  SetupInvited,
  SetupJoin,
  SetupLook,
  WitnessAdd,
} from '../api/schemas/index.ts';
import { failed, failure, type RequestKind, type RequestOf, type Result } from '../model/index.ts';

const nothing = z.strictObject({});
const named = z.strictObject({ name: nameSchema });
const withForce = named.extend({ force: z.boolean().optional() });

/**
 * What each request may carry. The API has checked the same before; but it has no privileges and the engine has all,
 * so the engine believes nothing that comes over its socket.
 */
const schemas = {
  status: nothing,
  nodes: nothing,
  document: nothing,
  luns: LunList,
  lun: named,
  operation: z.strictObject({ id: operationIdSchema }),
  'lun.create': LunCreate,
  'lun.delete': withForce,
  'lun.grow': LunGrow.extend({ name: nameSchema }),
  'lun.map': LunMap.unwrap().extend({ name: nameSchema, host: nameSchema }),
  'lun.unmap': withForce.extend({ host: nameSchema }),
  sessions: z.strictObject({ lun: nameSchema.optional(), host: nameSchema.optional() }),
  pools: PoolList,
  pool: named,
  targets: TargetList,
  target: named,
  'portal.add': PortalAdd,
  'portal.remove': z.strictObject({
    name: nameSchema,
    address: addressSchema,
    force: z.boolean().optional(),
  }),
  hosts: HostList,
  host: named,
  'host.reach': named,
  'host.create': HostCreate,
  'host.set': HostChanges.extend({ name: nameSchema, force: z.boolean().optional() }).superRefine(
    checkChange,
  ),
  'host.delete': withForce,
  cleanup: Cleanup.unwrap(),
  'node.set': NodeSet.extend({ name: nameSchema }),
  'node.leave': NodeLeave.unwrap().extend({ name: nameSchema.optional() }),
  'node.confirm-off': NodeConfirmOff.extend({ name: nameSchema }),
  'node.power-on': named,
  'node.replace': NodeReplace.safeExtend({ name: nameSchema }),
  'fence.test': FenceTest.unwrap().extend({ name: nameSchema }),
  'fence.waive': FenceWaive.partial().extend({ name: nameSchema }),
  'fence.history': z.strictObject({ limit: limitSchema.optional() }),
  'fence.discover': FenceDiscover,
  'cluster.set': ClusterSet,
  'witness.add': WitnessAdd,
  'witness.remove': nothing,
  resources: nothing,
  'resource.set': z.strictObject({ id: resourceSchema, policy: ResourceSet }),
  'cluster.init': ClusterInit,
  'cluster.join': ClusterJoin,
  'cluster.admit': ClusterAdmit,
  'cluster.join-secret': nothing,
  'cluster.join-code': JoinCodeAsk.unwrap(),
  'setup.look': SetupLook,
  'setup.join': SetupJoin,
  'setup.invited': SetupInvited,
  config: z.strictObject({ revision: revisionSchema.optional() }),
  'config.history': z.strictObject({ limit: limitSchema.optional() }),
  'config.diff': z.strictObject({ from: revisionSchema, to: revisionSchema.optional() }),
  'config.restore': ConfigRestore,
  'config.lost': nothing,
  'config.lost.clear': nothing,
  doctor: Doctor.unwrap(),
  'doctor.examine': Examine,
  'fence-peer': z.strictObject({ pool: nameSchema, role: z.enum(['Primary', 'Secondary']).optional() }),
} as const satisfies { readonly [Kind in RequestKind]: z.ZodType<object> };

/** The request as its kind wants it, or `body_invalid` naming the fields; never their values. */
export function checkRequest<Kind extends RequestKind>(kind: Kind, request: object): Result<RequestOf<Kind>> {
  const checked = check<z.ZodType<object>>(schemas[kind], request);
  // That a schema gives what the model says of its kind is a matter of the table above, and of its tests.
  return checked.ok ? checked : failed(failure('body_invalid', checked.failure.message));
}
