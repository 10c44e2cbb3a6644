import { failures, type NodeName, type NodeStatus, type Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { reasonToFence } from '../planner/index.ts';

/** Whether it is there, and whether it could be fenced or has to be. */
export function nodeProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  // An attempt that is under way does not make the failure of the last one untrue.
  const cause = node.fencing?.state === 'confirmed' ? undefined : node.fencing?.failure;
  if (cause !== undefined) {
    return [
      {
        code: cause.code,
        severity: 'data-not-served',
        message: `${name} must be fenced and cannot be (attempt ${node.fencing?.attempts ?? 1}): ${cause.message}. Nothing of it is started elsewhere before that`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson goes on trying by itself.`,
      },
    ];
  }
  if (node.state === 'online') {
    const reason = reasonToFence(state.config.current, name, node);
    if (reason !== undefined)
      return [
        {
          code: 'node_to_be_fenced',
          severity: 'failure-would-not-be-survived',
          message: `${name} is about to be fenced: ${reason.replace(/\.$/, '')}`,
          next: 'Wait.',
        },
      ];
  }
  const broken = node.device?.failure;
  if (broken !== undefined && node.state === 'online')
    return [
      {
        code: broken.code,
        severity: 'failure-would-not-be-survived',
        message: `${name} could not be fenced now: ${broken.message}`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson asks it again by itself.`,
      },
    ];
  const message: Partial<Record<NodeStatus['state'], string>> = {
    lost: `${name} is lost and is being fenced`,
    offline: node.leaving === undefined ? `${name} is off` : `${name} has left in order and is off`,
    joining: `${name} is joining`,
    'engine-gone': `The engine of ${name} is gone; what runs there goes on, unwatched`,
  };
  const text = message[node.state];
  if (text === undefined) return [];
  const next: Partial<Record<NodeStatus['state'], string>> = {
    offline: `Start ${name}, if it does not come back by itself.`,
    'engine-gone': `On ${name}: systemctl status keelsond. It is fenced if it stays away.`,
  };
  return [
    {
      code: `node_${node.state}`,
      severity: 'failure-would-not-be-survived',
      message: text,
      next: next[node.state] ?? 'Wait.',
    },
  ];
}

/** What nodes say of themselves, as long as they are there to say when it is over. */
export function noticeProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online' && name !== state.self) return [];
  return Object.values(node.notices ?? {}).map(({ failure }) => ({
    code: failure.code,
    severity: 'attention',
    message: `${name}: ${failure.message}`,
    next: failures[failure.code].next,
  }));
}

/** What failed on it and has not been forgotten. */
export function failureProblems(name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online') return [];
  return Object.entries(node.instances).flatMap(([resource, { failures }]) =>
    failures === undefined
      ? []
      : [
          {
            code: failures.failure.code,
            severity: 'attention' as const,
            message: `${resource} on ${name}: ${failures.operation} failed ${failures.count} times: ${failures.failure.message}`,
            next: `keelson cleanup ${resource} --node ${name}`,
          },
        ],
  );
}
