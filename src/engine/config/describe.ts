import { assertNever, type Command, type Milliseconds } from '../../model/index.ts';
import { wishInWords } from './policy.ts';

/** A change as the record of the configuration tells it. */
export interface KnownChange {
  readonly revision: number;
  readonly hash: string;
  readonly at: Milliseconds;
  readonly by: string;
  readonly what: string;
}

/** What a command does, in one phrase for people; never a secret. */
export function describeEntry(command: Command): string {
  switch (command.kind) {
    case 'node.set':
    case 'cluster.set':
    case 'resource.set':
      return `${command.kind} ${wishInWords(command)}`;
    case 'fence.test':
      return `${command.kind} of ${command.node}, level ${command.level}${command.dry === true ? ', dry' : ''}`;
    case 'fence.dark':
      return `${command.kind} ${command.node} after ${command.took} ms`;
    case 'fence.tested':
      return `${command.kind} ${command.node}: ${command.failure?.message ?? 'passed'}`;
    case 'fence.waive':
      return `${command.kind} ${command.node}${command.reason === undefined ? ' no longer' : `: ${command.reason}`}`;
    case 'fence.recorded':
      return `${command.kind} ${command.fencing.node}: ${command.fencing.reason}`;
    case 'node.power-on':
      return `${command.kind} ${command.node}`;
    case 'node.replace':
      return `${command.kind} ${command.node}: ${Object.values(command.disks).join(', ')}`;
    case 'replace.away':
    case 'replace.fill':
    case 'replace.done':
      return `${command.kind} ${command.operation}`;
    case 'pool.split':
      return `${command.kind} ${command.name}: each copy has data that the other lacks`;
    case 'pool.recover':
      return `${command.kind} ${command.name}: the changes of ${command.discard} are discarded`;
    case 'recover.step':
      return `${command.kind} ${command.operation}: ${command.phase}`;
    case 'recover.failed':
      return `${command.kind} ${command.operation}: ${command.failure.message}`;
    case 'recover.done':
      return `${command.kind} ${command.operation}`;
    case 'witness.add':
      return `${command.kind} ${command.witness.address}`;
    case 'witness.step':
      return `${command.kind} ${command.operation}: ${command.phase}`;
    case 'witness.failed':
      return `${command.kind} ${command.operation}: ${command.failure.message}`;
    case 'witness.remove':
    case 'witness.changed':
      return `${command.kind} ${command.operation}`;
    case 'config.restore':
      return command.saved === undefined
        ? `${command.kind} of revision ${command.revision}`
        : `config.load of revision ${command.revision} of ${command.saved.clusterName}`;
    case 'pool.solo':
      return `${command.kind} ${command.name} on ${command.node ?? 'both nodes'}`;
    case 'cluster.carriedOn':
      return `${command.kind} without ${command.without.join(', ')}`;
    case 'operation.finished':
      return `${command.kind} ${command.id}${command.failure === undefined ? '' : `: ${command.failure.message}`}`;
    case 'lun.grow':
      return `${command.kind} ${command.name} to ${command.size} bytes`;
    case 'lun.rollback':
      return `${command.kind} ${command.name} to ${command.snapshot}`;
    case 'lun.rollbackFailed':
    case 'snapshot.createFailed':
    case 'lun.growFailed':
    case 'lun.createFailed':
      return `${command.kind} ${command.name}: ${command.failure.message}`;
    case 'host.create':
      return `${command.kind} ${command.host.name}`;
    case 'host.set':
      return `${command.kind} ${command.name} ${Object.keys(command.change).sort().join(', ')}`;
    case 'lun.map':
      return `${command.kind} ${command.name} to ${command.host}${command.readOnly ? ', read-only' : ''}`;
    case 'lun.unmap':
      return `${command.kind} ${command.name} from ${command.host}`;
    case 'portal.add':
      return `${command.kind} ${command.portal.address}/${command.portal.prefix} to ${command.name}`;
    case 'portal.remove':
    case 'portal.removed':
      return `${command.kind} ${command.address} of ${command.name}`;
    case 'host.delete':
    case 'lun.create':
    case 'lun.created':
    case 'lun.delete':
    case 'lun.deleted':
    case 'lun.grown':
    case 'lun.rolledBack':
    case 'snapshot.create':
    case 'snapshot.created':
    case 'snapshot.delete':
    case 'snapshot.deleted':
    case 'pool.initialised':
    case 'pool.joined':
      return `${command.kind} ${command.name}`;
    default:
      return assertNever(command);
  }
}
