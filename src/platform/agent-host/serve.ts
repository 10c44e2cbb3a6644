import {
  assertNever,
  failed,
  failure,
  type NodeName,
  type Parameters,
  type Result,
} from '../../model/index.ts';
import type {
  Agent,
  AgentContext,
  AgentWork,
  DiscoveryWork,
  FenceAgent,
  FenceWork,
} from '../../ports/index.ts';
import { createContexts } from './context.ts';
import { gathered } from './gathered.ts';
import type { FromHost, ToHost } from './messages.ts';
import { keepWatching } from './watching.ts';

export interface AgentHostOptions {
  readonly agents: readonly Agent[];
  readonly fenceAgents: readonly FenceAgent[];
  readonly node: NodeName;
}

const unsupported = (message: string): Promise<Result<never>> =>
  Promise.resolve(failed(failure('agent_unsupported', message)));

function operate(
  agents: readonly Agent[],
  { agent: name, operation, parameters }: AgentWork,
  context: AgentContext,
): Promise<Result<unknown>> {
  const agent = agents.find((each) => each.name === name);
  if (agent === undefined) return unsupported(`there is no agent ${name}`);
  const call = agent[operation]?.bind(agent) as
    ((parameters: Parameters, context: AgentContext) => Promise<Result<unknown>>) | undefined;
  return call === undefined ? unsupported(`${name} has no ${operation}`) : call(parameters, context);
}

function fence(
  agents: readonly FenceAgent[],
  { agent: name, verb, parameters }: FenceWork | DiscoveryWork,
  context: AgentContext,
): Promise<Result<unknown>> {
  // A string here: there is only one fence agent so far, and what comes over the channel may name another.
  const agent = agents.find((each: { readonly name: string }) => each.name === name);
  if (agent === undefined) return unsupported(`there is no fence agent ${name}`);
  if (verb !== 'discover') return agent.perform(verb, parameters, context);
  return agent.discover?.(parameters, context) ?? unsupported(`${name} cannot say what it switches`);
}

/**
 * The child side: obeys the engine over the IPC channel of this process, any number of operations side by side, and
 * ends this process when the engine is gone. An agent that throws is a bug: `agent_failed`, with the stack in the log.
 */
export function serveAgentHost({ agents, fenceAgents, node }: AgentHostOptions): void {
  const send = (message: FromHost): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const finished = gathered<{ readonly id: number; readonly result: Result<unknown> }>((results) =>
    send({ kind: 'finished', results }),
  );
  const contexts = createContexts(node, send);
  /** Work and watches under way. */
  const running = new Map<number, AbortController>();

  const begin = (id: number, component: string): AgentContext => {
    const controller = new AbortController();
    running.set(id, controller);
    return contexts.make(component, controller.signal);
  };

  const work = async (
    id: number,
    component: string,
    deed: (context: AgentContext) => Promise<Result<unknown>>,
  ): Promise<void> => {
    let result: Result<unknown>;
    try {
      result = await deed(begin(id, component));
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      if (running.get(id)?.signal.aborted !== true) {
        send({ kind: 'log', level: 'error', component, message: stack ?? message });
      }
      result = failed(failure('agent_failed', `${component}: ${message}`));
    }
    running.delete(id);
    finished({ id, result });
  };

  const obey = (message: ToHost): void => {
    switch (message.kind) {
      case 'perform':
        for (const { id, work: wanted } of message.works)
          void work(id, `${wanted.agent} ${wanted.operation}`, (context) => operate(agents, wanted, context));
        return;
      case 'fence': {
        const component = `${message.work.agent} ${message.work.verb}`;
        void work(message.id, component, (context) => fence(fenceAgents, message.work, context));
        return;
      }
      case 'watch': {
        const agent = agents.find((each) => each.name === message.agent);
        if (agent === undefined) return;
        const changed = () => send({ kind: 'changed', id: message.id });
        const context = begin(message.id, `${message.agent} watch`);
        void keepWatching(agent, message.parameters, context, changed);
        return;
      }
      case 'abort':
        running.get(message.id)?.abort();
        return;
      case 'unwatch':
        running.get(message.id)?.abort();
        running.delete(message.id);
        return;
      case 'ping':
        send({ kind: 'pong' });
        return;
      default:
        assertNever(message);
    }
  };

  if (process.send === undefined) throw new Error('the agent host is started by keelsond only');
  process.on('message', (message) => obey(message as ToHost));
  process.on('disconnect', () => {
    contexts.killPrograms();
    process.exit(0);
  });
}
