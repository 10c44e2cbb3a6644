import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  EXTENT,
  failed,
  failure,
  success,
  type AgentName,
  type Observation,
  type OperationName,
  type Parameters,
  type Result,
} from '../../../src/model/index.ts';
import type { Agent } from '../../../src/ports/index.ts';
import type { Place } from './place.ts';
import { resourceFiles, type ResourceFiles } from './resource-files.ts';

/** Of the volume group, in bytes. */
const POOL_SIZE = 2048 * EXTENT;
/** Milliseconds that every operation takes, so that there is something to be interrupted. */
const DURATION = 20;

type Done = Result<Observation>;
type Work = (operation: OperationName, parameters: Parameters) => Done;

const refuse = (message: string): Done => failed(failure('agent_failed', message));
const unsupported = (): Done => failed(failure('agent_unsupported', 'no such operation'));

/** Resources that are files: they stand on each other as the real ones do, and tell the journal all that they do. */
export function fileAgents(place: Place): readonly Agent[] {
  const files = resourceFiles(place);
  const volumes = join(place.pool, 'volumes');
  mkdirSync(volumes, { recursive: true });
  const works: Readonly<Record<AgentName, Work>> = {
    drbd: mirror(files, place),
    lvm: volumeGroup(files, place, volumes),
    'lvm-snapshot': () => unsupported(),
    'lio-target': target(files),
    'lio-lun': lun(files, volumes),
    address: address(files),
  };
  return Object.entries(works).map(([name, work]) => agent(name as AgentName, work, files));
}

function agent(name: AgentName, work: Work, files: ResourceFiles): Agent {
  const operate =
    (operation: OperationName) =>
    async (parameters: Parameters): Promise<Done> => {
      files.touched(operation, `${name} ${subjectOf(name, parameters)}`);
      await delay(DURATION);
      return work(operation, parameters);
    };
  return {
    name,
    monitor: (parameters) => Promise.resolve(work('monitor', parameters)),
    start: operate('start'),
    stop: operate('stop'),
    promote: operate('promote'),
    reload: operate('reload'),
    demote: operate('demote'),
    create: operate('create'),
    grow: operate('grow'),
    remove: operate('remove'),
  };
}

function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const SUBJECTS: Readonly<Record<AgentName, string>> = {
  drbd: 'pool',
  lvm: 'volumeGroup',
  'lvm-snapshot': 'snapshot',
  'lio-target': 'iqn',
  'lio-lun': 'lun',
  address: 'address',
};

const subjectOf = (name: AgentName, parameters: Parameters): string => text(parameters, SUBJECTS[name]);

const seen = (state: string | undefined): Done =>
  success({ state: state === undefined ? 'stopped' : 'running' });

function mirror(files: ResourceFiles, { node }: Place): Work {
  return (operation, parameters) => {
    const pool = text(parameters, 'pool');
    const [resource, claim] = [`drbd ${pool}`, `promoted ${pool}`];
    const state = files.state(resource);
    const disks = parameters['disks'] as Readonly<Record<string, string>>;
    switch (operation) {
      case 'monitor':
        break;
      case 'start':
        if (disks[node] === undefined) {
          files.strayed(`the mirror ${pool} was started where it has no disk`);
          return refuse(`${node} has no disk of ${pool}`);
        }
        if (state === undefined) files.set(resource, 'running');
        break;
      case 'stop':
        if (state === 'promoted') return refuse('it is promoted');
        files.set(resource, undefined);
        break;
      case 'promote':
        if (state === undefined) return refuse('it is not started');
        files.claim(resource, 'promoted', claim, pool);
        break;
      case 'demote':
        if (files.active('lvm ').length > 0) return refuse('it is held open');
        files.release(resource, claim, state === undefined ? undefined : 'running');
        break;
      case 'create':
        break;
      case 'reload':
      case 'reconnect':
      case 'grow':
      case 'remove':
        return unsupported();
    }
    return success(observeMirror(files.state(resource)));
  };
}

/** Replication is at once and never breaks here: what happens where it does is for the simulation and the lab. */
const observeMirror = (state: string | undefined): Observation =>
  state === undefined
    ? { state: 'stopped' }
    : {
        state: state === 'promoted' ? 'promoted' : 'running',
        promotionScore: 10_000,
        facts: { disk: 'UpToDate', peerDisk: 'UpToDate', connection: 'Connected', suspended: 'no' },
      };

function volumeGroup(files: ResourceFiles, place: Place, volumes: string): Work {
  const made = join(place.pool, 'volume-group');
  return (operation, parameters) => {
    const name = text(parameters, 'volumeGroup');
    const [resource, claim] = [`lvm ${name}`, `volume group ${name}`];
    const isPromoted = files.active('drbd ').some((mirrored) => files.state(mirrored) === 'promoted');
    switch (operation) {
      case 'monitor':
        break;
      case 'create':
        if (!isPromoted) return refuse('the device cannot be written');
        writeFileSync(made, '');
        files.claim(resource, 'running', claim, name);
        break;
      case 'start':
        if (!isPromoted || !existsSync(made)) return refuse('there is no such volume group here');
        files.claim(resource, 'running', claim, name);
        break;
      case 'stop':
        if (files.active('lun ').length > 0) return refuse('volumes are in use');
        files.release(resource, claim);
        break;
      case 'promote':
      case 'demote':
      case 'reload':
      case 'reconnect':
      case 'grow':
      case 'remove':
        return unsupported();
    }
    if (files.state(resource) === undefined) return success({ state: 'stopped' });
    const used = readdirSync(volumes).length;
    return success({ state: 'running', facts: { volumes: used, sizeBytes: POOL_SIZE } });
  };
}

function target(files: ResourceFiles): Work {
  return (operation, parameters) => {
    const iqn = text(parameters, 'iqn');
    const [resource, claim] = [`target ${iqn}`, `target ${iqn}`];
    if (operation === 'start') files.claim(resource, 'running', claim, iqn);
    else if (operation === 'stop') {
      if (files.active('lun ').length > 0) return refuse('LUNs are linked');
      files.release(resource, claim);
    } else if (operation !== 'monitor' && operation !== 'reload') return unsupported();
    return seen(files.state(resource));
  };
}

function lun(files: ResourceFiles, volumes: string): Work {
  return (operation, parameters) => {
    const name = text(parameters, 'lun');
    const [resource, claim] = [`lun ${name}`, `LUN ${name}`];
    const volume = join(volumes, name);
    const isActive = files.active('lvm ').length > 0;
    switch (operation) {
      case 'monitor':
      case 'reload':
        break;
      case 'start':
        if (!existsSync(volume) || !isActive) return refuse(`there is no volume ${name}`);
        if (files.active('target ').length === 0) return refuse('there is no target');
        files.claim(
          resource,
          'running',
          claim,
          `${text(parameters, 'number')} ${text(parameters, 'serial')}`,
        );
        break;
      case 'stop':
        files.release(resource, claim);
        break;
      case 'grow':
        if (!isActive || !existsSync(volume)) return refuse(`there is no volume ${name}`);
        writeFileSync(volume, text(parameters, 'size'));
        break;
      case 'create':
        if (!isActive) return refuse('the volume group is not active');
        writeFileSync(volume, text(parameters, 'size'));
        return success({ state: 'stopped' });
      case 'remove':
        if (!isActive || files.state(resource) !== undefined) return refuse('the volume cannot be removed');
        rmSync(volume, { force: true });
        return success({ state: 'stopped' });
      case 'promote':
      case 'demote':
      case 'reconnect':
        return unsupported();
    }
    return seen(files.state(resource));
  };
}

function address(files: ResourceFiles): Work {
  return (operation, parameters) => {
    const value = text(parameters, 'address');
    const [resource, claim] = [`address ${value}`, `address ${value}`];
    if (operation === 'start') files.claim(resource, 'running', claim, value);
    else if (operation === 'stop') files.release(resource, claim);
    else if (operation !== 'monitor') return unsupported();
    return seen(files.state(resource));
  };
}
