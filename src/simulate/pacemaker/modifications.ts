import type { ScheduleInput } from '../../engine/scheduler/input.ts';
import type { InjectedResult, Injection } from '../injection.ts';

/** The lines under "Performing Requested Modifications"; events that crm_simulate does not know in words like its own. */
export const modificationLines = (input: ScheduleInput, events: readonly Injection[]): string[] =>
  events.flatMap((event) => textsOf(input, event)).map((text) => `  * ${text}`);

const TICKET_WORDS = { grant: 'Granting', revoke: 'Revoking', standby: 'Standby', activate: 'Activating' };

const textsOf = (input: ScheduleInput, event: Injection): readonly string[] => {
  switch (event.kind) {
    case 'node':
      switch (event.change) {
        case 'up':
          return [`Bringing node ${event.node} online`];
        case 'down':
          return [`Taking node ${event.node} offline`];
        case 'failed':
          return [`Failing node ${event.node}`];
      }
      break;
    case 'standby':
      return [
        `${event.isStandby ? 'Putting' : 'Taking'} node ${event.node} ${event.isStandby ? 'in' : 'out of'} standby`,
      ];
    case 'result':
      return resultTexts(input, event.result);
    case 'resource-failure':
      return [`Failing resource ${event.resource}${event.node === undefined ? '' : ` on ${event.node}`}`];
    case 'quorum':
      return [`Setting quorum: ${event.isQuorate ? '1' : '0'}`];
    case 'ticket':
      return [`${TICKET_WORDS[event.change]} ticket ${event.ticket}`];
    case 'time':
      return [`Letting ${event.seconds} seconds pass`];
  }
};

const resultTexts = (input: ScheduleInput, result: InjectedResult): readonly string[] => {
  const { resource, operation, interval, node, exitCode } = result;
  const injected = `Injecting ${resource}_${operation}_${interval}@${node}=${exitCode} into the configuration`;
  if (exitCode === 0 || (exitCode === 7 && interval === 0)) return [injected];
  const id = input.document.nodes.find(({ uname }) => uname === node)?.id ?? node;
  const suffix = `${resource}#${operation}_${interval}`;
  const into = `into /node_state '${id}'`;
  return [
    injected,
    `Injecting attribute fail-count-${suffix}=value++ ${into}`,
    `Injecting attribute last-failure-${suffix}=${input.now} ${into}`,
  ];
};
