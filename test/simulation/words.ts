import type { Effect, Input } from '../../src/engine/index.ts';

/** Inputs and effects in plain words; undefined: not worth a line. */
export function describeInput(input: Input): string | undefined {
  switch (input.kind) {
    case 'transport':
      return describeTransport(input.event);
    case 'request':
      return `request ${input.id}: ${input.request.kind} ${JSON.stringify(input.request.body)}`;
    case 'request-gone':
      return `the caller of request ${input.id} has gone`;
    case 'performed':
      return `performed ${input.work}: ${outcome(input.result)}`;
    case 'fenced':
      return `device answered ${input.work}: ${outcome(input.result)}`;
    case 'witness-done':
      return `witness ${input.work}: ${outcome(input.result)}`;
    case 'stored':
      return `stored revision ${input.revision}`;
    case 'timer':
      return isEverySoOften(input.name) ? undefined : `timer ${input.name}`;
    case 'notice':
      return `notice ${input.key}: ${input.failure?.message ?? 'over'}`;
    case 'clock':
      return `clock: offset ${input.offset}`;
    case 'hint':
      return `hint ${input.resource}`;
  }
}

type Transport = Extract<Input, { kind: 'transport' }>['event'];

function describeTransport(event: Transport): string | undefined {
  switch (event.kind) {
    case 'up':
    case 'down':
      return `corosync ${event.kind}`;
    case 'view': {
      const members = event.members.map(({ node }) => node).join(', ');
      const left = event.left.map(({ node, reason }) => `${node} ${reason}`).join(', ');
      return `view: ${members}${left === '' ? '' : `; left: ${left}`}`;
    }
    case 'ring':
      return `ring ${event.ring.sequence}: ${event.nodes.join(', ')}`;
    case 'quorum':
      return `quorum of ring ${event.ring.sequence}: ${event.quorate}`;
    case 'message':
      return isHeartbeat(event.payload) ? undefined : `message of ${event.node}: ${brief(event.payload)}`;
  }
}

export function describeEffect(effect: Effect): string | undefined {
  switch (effect.kind) {
    case 'multicast':
      return isHeartbeat(effect.payload) ? undefined : `multicast ${brief(effect.payload)}`;
    case 'perform':
      return `perform ${effect.work}: ${effect.agent} ${effect.operation} ${textOf(effect.parameters['lun'])}`;
    case 'fence':
      return `device ${effect.work} of ${textOf(effect.parameters['address'])}`;
    case 'witness':
      return `witness ${effect.work}: ${effect.task.kind}`;
    case 'append':
      return `append revision ${effect.revision}`;
    case 'lost':
      return `lost changes: ${effect.loss.reason}`;
    case 'replace':
      return `replace by revision ${effect.revision}`;
    case 'reply':
      return `reply ${effect.id}: ${JSON.stringify(effect.result).slice(0, 160)}`;
    case 'timer':
      return effect.delay === undefined || isEverySoOften(effect.name)
        ? undefined
        : `set timer ${effect.name} ${effect.delay} ms`;
    case 'watch':
    case 'unwatch':
      return `${effect.kind} ${effect.resource}`;
    case 'event':
      return `EVENT ${effect.event.message}`;
    case 'log':
      return `LOG ${effect.level}: ${effect.message}`;
  }
}

const isEverySoOften = (timer: string): boolean => timer.startsWith('monitor') || timer === 'heartbeat';

const isHeartbeat = (payload: string): boolean => payload.includes('"message":{"kind":"heartbeat"');

const outcome = (result: {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly failure?: unknown;
}): string => {
  const said = result.ok ? result.value : result.failure;
  return said === undefined ? 'done' : JSON.stringify(said).slice(0, 200);
};

const brief = (payload: string): string => (payload.length <= 300 ? payload : `${payload.slice(0, 300)}...`);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
