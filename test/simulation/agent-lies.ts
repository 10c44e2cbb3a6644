import { isDeed, type Observation } from '../../src/model/index.ts';
import type { Work } from './agent-host.ts';
import { attempt } from './agents.ts';
import type { Kernel } from './kernel.ts';

/** What a lie is about: one resource on one machine. */
export function subjectOf(machine: string, { agent, operation, parameters }: Work): string {
  const subject = parameters['lun'] ?? parameters['snapshot'] ?? parameters['address'] ?? '';
  const what = isDeed(operation) ? `${agent}'s volume` : agent;
  return `${what} ${typeof subject === 'string' ? subject : ''} on ${machine}`;
}

/** What a lying agent says: what it was asked to do, it has done; a monitor turns what is the case around. */
export function claim(work: Work, kernel: Kernel): Observation {
  const seen = look(work, kernel);
  const facts = seen.facts === undefined ? {} : { facts: seen.facts };
  switch (work.operation) {
    case 'start':
    case 'reload':
    case 'demote':
      return { state: 'running', ...facts };
    case 'promote':
      return { state: 'promoted', ...facts };
    case 'stop':
      return { state: 'stopped' };
    case 'create':
    case 'grow':
    case 'remove':
    case 'reconnect':
      return seen;
    case 'monitor':
      return seen.state === 'stopped' ? { state: 'running', ...facts } : { state: 'stopped' };
  }
}

/** Whether it is as was said, by the hardware. */
export function isTrue(claimed: Observation, work: Work, kernel: Kernel): boolean {
  if (work.agent === 'lvm-snapshot') return isDone(work, kernel);
  if (work.agent !== 'lio-lun' || !isDeed(work.operation)) return look(work, kernel).state === claimed.state;
  const { lun, size, volume = lun } = work.parameters;
  const bytes = kernel.replica.image.volumes.get(typeof volume === 'string' ? volume : '');
  if (work.operation === 'remove') return bytes === undefined;
  return bytes !== undefined && (work.operation === 'create' || bytes >= Number(size));
}

/** What nothing runs of is there, or not; nothing else can be said of it. */
function isDone({ operation, parameters }: Work, { replica }: Kernel): boolean {
  const { name = '' } = (parameters['volume'] ?? {}) as { readonly name?: string };
  const { volumes, putAway } = replica.image;
  if (operation === 'remove') return !volumes.has(name);
  if (operation !== 'create') return true;
  return volumes.has(name) && putAway.has(name) === (parameters['use'] !== 'lun');
}

/** By the hardware: nothing of it is active. */
export function isStopped(work: Work, kernel: Kernel): boolean {
  const { state } = look(work, kernel);
  return state === 'stopped' || (work.operation === 'demote' && state === 'running');
}

/** By the hardware: it is what only one machine may be. */
export function isActive(work: Work, kernel: Kernel): boolean {
  return work.agent === 'drbd' ? kernel.replica.isPrimary : look(work, kernel).state !== 'stopped';
}

function look(work: Work, kernel: Kernel): Observation {
  const result = attempt(kernel, work.agent, 'monitor', work.parameters);
  if (result === 'wait' || !result.ok) throw new Error('a look at a simulated resource always succeeds');
  return result.value;
}
