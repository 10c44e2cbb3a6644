import { lunOfSnapshot } from '../../../src/model/index.ts';
import type { Work } from '../agent-host.ts';
import { isActive } from '../agent-lies.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import type { Property } from './properties.ts';

/**
 * Whether it was right to order what is begun now, by what the machines are really doing: the kernel refuses much, and
 * agents look first, so that a wrong order mostly does no harm. Where something came about behind the engine's back a
 * moment ago, it could not know.
 */
export function checkGrounds(machine: Machine, peer: Machine, work: Work): void {
  const { operation, agent } = work;
  if (operation === 'promote' || (operation === 'start' && agent !== 'drbd')) {
    checkNotElsewhere(machine, peer, work);
    checkLookedAt(machine, peer, work);
  }
  if (operation === 'promote') checkData(machine, peer);
  if (operation === 'remove') checkUnused([machine, peer], work);
  if (agent === 'lvm-snapshot') checkLeft([machine, peer], work);
  if (agent === 'lio-lun' && operation === 'start') checkNumber(machine, work);
  checkSequence(machine, work);
}

/** S1, S2, S5: what may be on one machine only is not on the other one, nor being stopped or started there. */
function checkNotElsewhere(machine: Machine, peer: Machine, work: Work): void {
  if (!peer.isPowered || peer.unforeseen.isRecent(work, peer.time.now)) return;
  const what = `${machine.name} begins ${work.operation} of ${described(work)}`;
  if (isActive(work, peer.kernel))
    throw new Violation(propertyOf(work), `${what}, which is active on ${peer.name}`, ANY_LIE);
  const other = peer.engine?.dealings.at(work);
  if (other === undefined || other.operation === 'monitor') return;
  // An instance of the mirror that is not promoted does no harm.
  if (work.agent === 'drbd' && other.operation !== 'promote' && other.operation !== 'demote') return;
  throw new Violation(
    propertyOf(work),
    `${what}, whose ${other.operation} is under way on ${peer.name}`,
    ANY_LIE,
  );
}

/** S5: nothing is started that may be running where nobody has looked. Engines begin their lives knowing nothing. */
function checkLookedAt(machine: Machine, peer: Machine, work: Work): void {
  const { engine } = machine;
  if (engine === undefined) return;
  const { view } = engine.state;
  const other = peer.engine;
  const isTogether =
    view.complete &&
    view.members.includes(peer.id) &&
    other?.state.view.complete === true &&
    other.state.view.generation === view.generation;
  const blind = [engine, ...(isTogether ? [other] : [])].find(({ dealings }) => !dealings.hasLookedAt(work));
  if (blind !== undefined)
    throw new Violation(
      'S5',
      `${machine.name} begins ${work.operation} of ${described(work)}, at which the engine of ${blind === engine ? machine.name : peer.name} has not looked yet`,
      // Whose power was said to be off is not asked for anything.
      blind === engine ? [] : ['device lied'],
    );
}

/** S4: data of which nobody knows whether they are the newest are not served while the other node can be asked. */
function checkData(machine: Machine, peer: Machine): void {
  const { replica } = machine.kernel;
  const view = machine.engine?.state.view;
  if (replica.kernel?.disk !== 'Consistent' || !peer.isPowered) return;
  if (view?.complete !== true || !view.members.includes(peer.id)) return;
  throw new Violation(
    'S4',
    `${machine.name} begins promote with data that are Consistent, and ${peer.name} is there`,
    ANY_LIE,
  );
}

/** S5: a volume that is exported is not removed. */
function checkUnused(machines: readonly Machine[], work: Work): void {
  const lun = text(work.parameters['lun']);
  for (const { name, kernel, unforeseen, time } of machines)
    if (kernel.luns.has(lun) && !unforeseen.isRecent(work, time.now))
      throw new Violation('S5', `${lun} is to be removed, and ${name} exports it`, ANY_LIE);
}

/** S5: the volume of a LUN that is exported is neither put away nor removed, and gets no successor. */
function checkLeft(machines: readonly Machine[], { parameters, operation }: Work): void {
  const { name: volume = '' } = (parameters['volume'] ?? {}) as { readonly name?: string };
  const of = lunOfSnapshot(text(parameters['snapshot']));
  const isForLun = parameters['use'] === 'lun';
  if (!isForLun && operation === 'create' && parameters['origin'] !== undefined) return;
  for (const { name, kernel, unforeseen, time } of machines) {
    const used = [...kernel.luns].find(([lun, { volume: disk = lun }]) =>
      isForLun ? lun === of : disk === volume,
    );
    if (used === undefined || unforeseen.isAnyRecent(time.now)) continue;
    throw new Violation('S5', `${volume} is to be made or left, and ${name} exports LUN ${used[0]}`, ANY_LIE);
  }
}

/** S5: no two LUNs have one number or one serial. */
function checkNumber({ name, kernel }: Machine, { parameters }: Work): void {
  const lun = text(parameters['lun']);
  for (const [other, { number, serial }] of kernel.luns)
    if (other !== lun && (number === parameters['number'] || serial === parameters['serial']))
      throw new Violation(
        'S5',
        `LUN ${lun} is to be exported by ${name} with the number or serial of ${other}`,
      );
}

/** Nothing is begun before what it stands on is there, nor taken down from under what stands on it. */
function checkSequence(machine: Machine, work: Work): void {
  const { name, kernel, unforeseen, time } = machine;
  const missing = missingFor(work, kernel);
  if (missing === undefined || unforeseen.isAnyRecent(time.now)) return;
  throw new Violation(
    'sequence',
    `${name} begins ${work.operation} of ${described(work)}, and ${missing}`,
    ANY_LIE,
  );
}

function missingFor({ agent, operation, parameters }: Work, kernel: Kernel): string | undefined {
  switch (`${agent} ${operation}`) {
    case 'lvm start':
      return kernel.replica.isPrimary ? undefined : 'the mirror is not promoted';
    case 'lio-target start':
      return kernel.volumeGroupActive ? undefined : 'the volume group is not active';
    case 'lio-lun start':
      if (!kernel.targetEnabled) return 'there is no target';
      return kernel.replica.image.volumes.has(text(parameters['volume'] ?? parameters['lun']))
        ? undefined
        : 'there is no such volume';
    case 'address start':
      return kernel.targetEnabled ? undefined : 'there is no target';
    case 'lio-lun stop':
    case 'lio-target stop':
    case 'lvm stop':
    case 'drbd demote':
    case 'drbd stop':
      return standingOn(agent, kernel);
    default:
      return undefined;
  }
}

function standingOn(agent: Work['agent'], kernel: Kernel): string | undefined {
  if (agent === 'lio-lun') return undefined;
  if (kernel.luns.size > 0) return `LUN ${[...kernel.luns.keys()].join(', ')} is exported`;
  if (agent === 'lio-target') return kernel.addresses.size > 0 ? 'its address is up' : undefined;
  if (kernel.targetEnabled) return 'the target is there';
  if (agent === 'lvm') return undefined;
  return kernel.volumeGroupActive ? 'the volume group is active' : undefined;
}

function propertyOf({ agent }: Work): Property {
  if (agent === 'drbd') return 'S1';
  return agent === 'lio-lun' ? 'S5' : 'S2';
}

const described = ({ agent, parameters }: Work): string =>
  [agent, text(parameters['lun'] ?? parameters['snapshot'] ?? parameters['address'])]
    .filter((part) => part !== '')
    .join(' ');

const text = (value: Work['parameters'][string] | undefined): string =>
  typeof value === 'string' ? value : '';
