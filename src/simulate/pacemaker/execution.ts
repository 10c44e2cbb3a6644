import type { ExecutedStep, Execution } from '../execution.ts';

/** The lines under "Executing Cluster Transition", bullets included, in the order in which steps were taken. */
export const executionLines = (execution: Execution): string[] =>
  execution.steps.flatMap((step) => {
    const text = stepText(step);
    return text === undefined ? [] : [`  * ${text}`];
  });

const stepText = ({ kind, action, key, resource }: ExecutedStep): string | undefined => {
  const node = action.node?.name ?? '';
  switch (kind) {
    case 'pseudo':
      return `Pseudo action:   ${key}${action.task === 'stonith' ? ` on ${node}` : ''}`;
    case 'fencing':
      return `Fencing ${node} (${action.extra.get('stonith_action') ?? ''})`;
    case 'cluster':
      return `Cluster action:  ${action.task}${resource === undefined ? '' : ` for ${resource}`} on ${node}`;
    case 'resource': {
      const interval = action.interval === 0 ? '' : `=${action.interval}`;
      return `Resource action: ${(resource ?? '').padEnd(15)} ${action.task}${interval} on ${node}`;
    }
  }
};
