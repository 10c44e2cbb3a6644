import {
  EXTENT,
  failed,
  failure,
  success,
  type AgentName,
  type Observation,
  type OperationName,
  type Parameters,
  type ParameterValue,
  type Result,
} from '../../src/model/index.ts';
import { blankMetaData, type Replica } from './drbd/replica.ts';
import { blankImage, type Image } from './image.ts';
import type { Kernel } from './kernel.ts';

/** Of the simulated volume group, in bytes. */
export const POOL_SIZE = 256 * EXTENT;

/** Bytes that a copy is said to differ in, where it does at all. */
const BLOCK = 4096;

/** What an operation comes to now; `wait`: it stands in the kernel or polls, and is tried again a little later. */
export type Attempt = Result<Observation> | 'wait';

/** Small honest models of the agents: they look first, may be repeated, and fail for the reasons the real ones do. */
export function attempt(
  kernel: Kernel,
  agent: AgentName,
  operation: OperationName,
  parameters: Parameters,
): Attempt {
  switch (agent) {
    case 'drbd':
      return drbd(kernel, operation, parameters);
    case 'lvm':
      return lvm(kernel, operation);
    case 'lvm-snapshot':
      return snapshot(kernel, operation, parameters);
    case 'lio-target':
      return target(kernel, operation, parameters);
    case 'lio-lun':
      return lun(kernel, operation, parameters);
    case 'address':
      return address(kernel, operation, parameters);
  }
}

/** As `attempt`, and ended in the middle: of several steps only the first is done. What is one step is not done. */
export function attemptHalf(
  kernel: Kernel,
  agent: AgentName,
  operation: OperationName,
  parameters: Parameters,
): void {
  if (agent === 'lvm' && operation === 'start') {
    if (!kernel.replica.isPrimary || kernel.isFrozen || !kernel.replica.image.hasVolumeGroup) return;
    kernel.volumeGroupActive = true;
    const [first] = kernel.replica.image.volumes.keys();
    if (first !== undefined) kernel.volumes.add(first);
  }
  // The volumes that nobody holds open are unmapped one by one.
  if (agent === 'lvm' && operation === 'stop' && kernel.luns.size === 0) {
    const [first] = kernel.volumes;
    if (first !== undefined) kernel.volumes.delete(first);
  }
  // On the disk, and not mapped.
  if ((agent === 'lio-lun' || agent === 'lvm-snapshot') && (operation === 'create' || operation === 'grow'))
    attempt(kernel, agent, operation, parameters);
}

const refuse = (message: string): Result<never> => failed(failure('agent_failed', message));
const unsupported = (): Result<never> => failed(failure('agent_unsupported', 'no such operation'));

const text = (value: ParameterValue | undefined): string => (typeof value === 'string' ? value : '');

function drbd(kernel: Kernel, operation: OperationName, parameters: Parameters): Attempt {
  const { mirror, replica } = kernel;
  switch (operation) {
    case 'monitor':
      break;
    case 'start':
      renew(kernel, parameters);
      if (!mirror.attach(replica, parameters['fresh'] === true)) return refuse('the disk has no metadata');
      break;
    case 'stop':
      if (kernel.volumeGroupActive) return refuse('held open');
      if (!mirror.detach(replica)) return 'wait';
      break;
    case 'promote':
      throw new Error('a promotion is carried out by the kernel, in its own time');
    case 'demote':
      if (kernel.volumeGroupActive) return refuse('held open');
      if (kernel.ioInFlight > 0) return 'wait';
      if (!mirror.demote(replica)) return 'wait';
      break;
    case 'create':
      if (!mirror.force(replica)) return 'wait';
      break;
    case 'reconnect':
      return reconnect(kernel, parameters);
    case 'reload':
    case 'grow':
    case 'remove':
      return unsupported();
  }
  return success(observeDrbd(kernel));
}

/** As `agents/drbd/reconnect.ts` does it, without asking for the generations. */
function reconnect(kernel: Kernel, { reconnect: asked }: Parameters): Attempt {
  const { mirror, replica } = kernel;
  const discards = (asked as { readonly discard?: string } | undefined)?.discard === 'yes';
  if (replica.kernel === undefined) return refuse('it does not run');
  if (discards && replica.isPrimary) return failed(failure('recovery_victim_serves', 'it is Primary'));
  mirror.reconnect(replica, discards);
  return success(observeDrbd(kernel));
}

/** A disk in place of another one gets its metadata once for each replacement; what stood on the old one is not there. */
function renew({ replica }: Kernel, { renew: asked }: Parameters): void {
  const { node, mark } = (asked ?? {}) as { readonly node?: string; readonly mark?: string };
  if (replica.kernel !== undefined || node !== replica.name || replica.mark === mark) return;
  replica.mark = mark;
  replica.diskFailed = false;
  replica.image = blankImage();
  replica.metaData = blankMetaData();
}

export function observeDrbd({ replica }: Kernel): Observation {
  const { kernel } = replica;
  if (kernel === undefined) return { state: 'stopped' };
  const disk = replica.diskFailed ? 'Diskless' : kernel.disk;
  const score = disk === 'UpToDate' ? 10_000 : disk === 'Consistent' ? 5 : undefined;
  return {
    state: kernel.role === 'Primary' ? 'promoted' : 'running',
    facts: {
      role: kernel.role,
      disk,
      peerDisk: kernel.peerDisk,
      connection: kernel.connection,
      suspended: kernel.suspended ? 'yes' : 'no',
      sizeBytes: POOL_SIZE,
      ...generationsOf(replica),
      ...(kernel.connection.startsWith('Sync') ? { replication: kernel.connection } : {}),
    },
    ...(score === undefined ? {} : { promotionScore: score }),
  };
}

/** As the kernel tells them where it has no peer, and what it knows to be missing there. */
function generationsOf({ kernel, metaData }: Replica): Readonly<Record<string, string | number>> {
  const isApart = kernel?.connection === 'StandAlone' || kernel?.connection === 'WFConnection';
  if (!isApart || metaData === undefined) return {};
  const { current, bitmap, history } = metaData;
  return {
    outOfSync: bitmap === '' ? 0 : BLOCK,
    generations: [current, bitmap, history.at(-1) ?? '', history.at(-2) ?? '']
      .map((name) => (name === 'just-created' ? '4' : name).padStart(16, '0'))
      .join(':'),
  };
}

function lvm(kernel: Kernel, operation: OperationName): Attempt {
  const { replica } = kernel;
  switch (operation) {
    case 'monitor':
      break;
    case 'create':
    case 'start': {
      if (!replica.isPrimary) return refuse('the device cannot be opened');
      if (kernel.isFrozen || kernel.isWritingMetaData) return 'wait';
      if (operation === 'create' && !replica.image.hasVolumeGroup) {
        kernel.writeMetaData((image) => {
          image.hasVolumeGroup = true;
        });
        return 'wait';
      }
      if (!replica.image.hasVolumeGroup) return refuse('there is no volume group');
      kernel.volumeGroupActive = true;
      for (const volume of replica.image.volumes.keys())
        if (!isRefused(replica.image, volume) && !replica.image.putAway.has(volume))
          kernel.volumes.add(volume);
      break;
    }
    case 'stop':
      if (kernel.luns.size > 0) return refuse(`still in use: ${[...kernel.luns.keys()].join(', ')}`);
      if (kernel.ioInFlight > 0) return 'wait';
      kernel.volumeGroupActive = false;
      kernel.volumes.clear();
      break;
    case 'promote':
    case 'demote':
    case 'reconnect':
    case 'reload':
    case 'grow':
    case 'remove':
      return unsupported();
  }
  if (!kernel.volumeGroupActive) return success({ state: 'stopped' });
  const used = usedOf(replica.image);
  return success({
    state: 'running',
    facts: {
      volumes: replica.image.volumes.size,
      sizeBytes: POOL_SIZE,
      freeBytes: POOL_SIZE - used,
      ...thinFacts(replica.image),
    },
  });
}

/** Of the volume group, what the thin volumes share, once there was one. */
const THIN_POOL = 16 * EXTENT;

const isRefused = ({ thin, thinRefused }: Image, volume: string): boolean => thinRefused && thin.has(volume);

const thinFacts = ({ thin, thinPercent, thinRefused }: Image): Readonly<Record<string, string | number>> =>
  thin.size === 0 || thinRefused
    ? {}
    : {
        thinBytes: THIN_POOL,
        thinTakenBytes: THIN_POOL,
        thinPercent,
        thinMetadataPercent: 1,
        thinState: thinPercent === 100 ? 'full' : 'ok',
      };

/** Bytes of the volume group that are taken, the meta volume's with them. */
const usedOf = ({ volumes, thin }: Image): number =>
  [...volumes].reduce(
    (sum, [name, size]) => sum + (thin.has(name) ? 0 : size),
    EXTENT + (thin.size === 0 ? 0 : THIN_POOL),
  );

/** All that a reload could change, as one text. */
const accessTo = ({ initiators, readOnly, chapSecrets, mutualSecrets, portals }: Parameters): string =>
  JSON.stringify([initiators, readOnly, chapSecrets, mutualSecrets, portals]);

const drifted = (what: string): Pick<Observation, 'drift'> => ({
  drift: failure('configuration_drifted', `${what} is for others than it should be`),
});

function target(kernel: Kernel, operation: OperationName, parameters: Parameters): Attempt {
  const access = accessTo(parameters);
  switch (operation) {
    case 'monitor':
      break;
    case 'start':
      kernel.targetEnabled = true;
      kernel.targetAccess = access;
      break;
    case 'reload':
      if (!kernel.targetEnabled) return refuse('there is no target');
      kernel.targetAccess = access;
      break;
    case 'stop':
      if (kernel.ioInFlight > 0) return 'wait';
      if (kernel.luns.size > 0) return refuse('LUNs are linked');
      kernel.targetEnabled = false;
      kernel.sessions = [];
      break;
    case 'promote':
    case 'demote':
    case 'reconnect':
    case 'create':
    case 'grow':
    case 'remove':
      return unsupported();
  }
  if (!kernel.targetEnabled) return success({ state: 'stopped' });
  return success({
    state: 'running',
    ...(kernel.sessions.length === 0 ? {} : { sessions: kernel.sessions }),
    ...(kernel.targetAccess === access ? {} : drifted('the target')),
  });
}

function lun(kernel: Kernel, operation: OperationName, parameters: Parameters): Attempt {
  const name = text(parameters['lun']);
  const access = accessTo(parameters);
  const disk = text(parameters['volume']) === '' ? name : text(parameters['volume']);
  const known = kernel.luns.get(name);
  switch (operation) {
    case 'monitor':
      break;
    case 'reload':
      if (known === undefined) return refuse('it is not exported here');
      kernel.luns.set(name, { ...known, access });
      break;
    case 'start':
      if (!kernel.targetEnabled) return refuse('there is no target');
      if (!kernel.replica.image.volumes.has(disk)) return refuse(`there is no volume ${disk}`);
      if (isRefused(kernel.replica.image, disk) || kernel.replica.image.putAway.has(disk))
        return refuse(`the volume ${disk} is not active`);
      kernel.volumes.add(disk);
      kernel.luns.set(name, {
        number: Number(parameters['number']),
        serial: text(parameters['serial']),
        access,
        ...(disk !== name && { volume: disk }),
      });
      break;
    case 'stop':
      if (kernel.ioInFlight > 0) return 'wait';
      kernel.luns.delete(name);
      break;
    case 'grow':
      return extend(kernel, disk, Number(parameters['size']));
    case 'create':
      if (parameters['origin'] !== undefined) return copy(kernel, disk, parameters, true);
      return volume(kernel, operation, disk, made(parameters));
    case 'remove':
      if (known !== undefined) return refuse('the volume is in use');
      return volume(kernel, operation, disk, made(parameters));
    case 'promote':
    case 'demote':
    case 'reconnect':
      return unsupported();
  }
  const exported = kernel.luns.get(name);
  if (exported === undefined || !kernel.volumes.has(disk)) return success({ state: 'stopped' });
  return success({ state: 'running', ...(exported.access === access ? {} : drifted(`LUN ${name}`)) });
}

const made = (parameters: Parameters): { readonly size: number; readonly thin: boolean } => ({
  size: Number(parameters['size']),
  thin: parameters['thin'] === true,
});

const nameOf = (volume: ParameterValue | undefined): string =>
  (volume as { readonly name?: string } | undefined)?.name ?? '';

/** Nothing of a snapshot runs: it is made, put away, and removed. */
function snapshot(kernel: Kernel, operation: OperationName, parameters: Parameters): Attempt {
  const name = nameOf(parameters['volume']);
  switch (operation) {
    case 'monitor':
    case 'start':
    case 'stop':
      return success({ state: 'stopped' });
    case 'create':
      return parameters['origin'] === undefined
        ? putAway(kernel, name)
        : copy(kernel, name, parameters, parameters['use'] === 'lun');
    case 'remove':
      return volume(kernel, operation, name, { size: 0, thin: true });
    case 'promote':
    case 'demote':
    case 'reconnect':
    case 'reload':
    case 'grow':
      return unsupported();
  }
}

/** All of it at one instant: it shares what the other one holds. */
function copy(kernel: Kernel, name: string, parameters: Parameters, isActive: boolean): Attempt {
  const { replica } = kernel;
  const hindrance = hindranceToWrite(kernel);
  if (hindrance !== undefined) return hindrance;
  const { volumes } = replica.image;
  if (volumes.has(name)) {
    if (isActive) kernel.volumes.add(name);
    return success({ state: 'stopped' });
  }
  const origin = nameOf(parameters['origin']);
  const size = volumes.get(origin);
  if (size === undefined) return refuse(`there is no volume ${origin}`);
  if (!replica.image.thin.has(origin)) return failed(failure('volume_foreign', `${origin} is not thin`));
  kernel.writeMetaData((image) => {
    image.volumes.set(name, Math.max(size, Number(parameters['size'])));
    image.thin.add(name);
    if (!isActive) image.putAway.add(name);
    const content = image.contents.get(origin);
    if (content !== undefined) image.contents.set(name, content);
  });
  return 'wait';
}

/** What a LUN has left. */
function putAway(kernel: Kernel, name: string): Attempt {
  const hindrance = hindranceToWrite(kernel);
  if (hindrance !== undefined) return hindrance;
  const { image } = kernel.replica;
  if (!image.volumes.has(name)) return refuse(`there is no volume ${name}`);
  if (image.putAway.has(name)) {
    kernel.volumes.delete(name);
    return success({ state: 'stopped' });
  }
  kernel.writeMetaData((written) => written.putAway.add(name));
  return 'wait';
}

/** Why LVM writes nothing down now; undefined: it can. */
function hindranceToWrite(kernel: Kernel): Attempt | undefined {
  if (!kernel.volumeGroupActive) return refuse('the volume group is not active');
  if (!kernel.replica.isPrimary) return refuse('the device cannot be written');
  return kernel.isFrozen || kernel.isWritingMetaData ? 'wait' : undefined;
}

function volume(
  kernel: Kernel,
  operation: 'create' | 'remove',
  name: string,
  { size, thin }: { readonly size: number; readonly thin: boolean },
): Attempt {
  const { replica } = kernel;
  if (!kernel.volumeGroupActive) return refuse('the volume group is not active');
  if (!replica.isPrimary) return refuse('the device cannot be written');
  if (kernel.isFrozen || kernel.isWritingMetaData) return 'wait';
  const { volumes } = replica.image;
  if (operation === 'remove' && [...kernel.luns.values()].some((each) => each.volume === name))
    return refuse('the volume is in use');
  const more = !thin ? size : replica.image.thin.size === 0 ? THIN_POOL : 0;
  if (operation === 'create' && !volumes.has(name) && usedOf(replica.image) + more > POOL_SIZE)
    return failed(failure('pool_full', 'the volume group has no room'));
  if (volumes.has(name) === (operation === 'create')) {
    if (operation === 'create') kernel.volumes.add(name);
    else kernel.volumes.delete(name);
    return success({ state: 'stopped' });
  }
  kernel.writeMetaData((image) => {
    if (operation === 'create') image.volumes.set(name, size);
    else image.volumes.delete(name);
    image.contents.delete(name);
    image.putAway.delete(name);
    if (operation === 'create' && thin) image.thin.add(name);
    else image.thin.delete(name);
  });
  return 'wait';
}

/** LVM writes down the new size, and the table follows; done again it changes nothing. The LUN serves on meanwhile. */
function extend(kernel: Kernel, name: string, size: number): Attempt {
  const { replica } = kernel;
  if (!kernel.volumeGroupActive) return refuse('the volume group is not active');
  if (!replica.isPrimary) return refuse('the device cannot be written');
  if (kernel.isFrozen || kernel.isWritingMetaData) return 'wait';
  const { volumes } = replica.image;
  const present = volumes.get(name);
  if (present === undefined) return refuse(`there is no volume ${name}`);
  if (present >= size) return success({ state: kernel.luns.has(name) ? 'running' : 'stopped' });
  const more = replica.image.thin.has(name) ? 0 : size - present;
  if (usedOf(replica.image) + more > POOL_SIZE)
    return failed(failure('pool_full', 'the volume group has no room'));
  kernel.writeMetaData((image) => {
    if (image.volumes.has(name)) image.volumes.set(name, Math.max(size, image.volumes.get(name) ?? 0));
  });
  return 'wait';
}

function address(kernel: Kernel, operation: OperationName, parameters: Parameters): Attempt {
  const value = text(parameters['address']);
  switch (operation) {
    case 'monitor':
      break;
    case 'start':
      kernel.addresses.add(value);
      break;
    case 'stop':
      kernel.addresses.delete(value);
      break;
    case 'promote':
    case 'demote':
    case 'reconnect':
    case 'reload':
    case 'create':
    case 'grow':
    case 'remove':
      return unsupported();
  }
  return success({ state: kernel.addresses.has(value) ? 'running' : 'stopped' });
}
