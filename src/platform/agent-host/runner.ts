import type { NodeName, Observation, Result } from '../../model/index.ts';
import type { AgentRunner, AgentWork, Clock, FenceRunner, FenceWork, Log, Power } from '../../ports/index.ts';
import { createLane, defaultPatience, type LanePatience } from './lane.ts';

export interface AgentRunnerOptions {
  /** Path of the program that calls `serveAgentHost`; it gets the node's name as its argument. */
  readonly hostProgram: string;
  readonly node: NodeName;
  readonly log: Log;
  readonly clock: Clock;
  readonly patience?: LanePatience;
}

export type HostedRunner = AgentRunner &
  FenceRunner & {
    /** Kills the hosts; what is under way resolves with `agent_host_died`. */
    close(): void;
    /** Process id of the storage host; undefined between two lives. */
    hostProcess(): number | undefined;
  };

/**
 * Runs agents in one host process and fence agents in another one, so that hanging storage never delays a fencing.
 * Work whose host dies is given to the next host once; a second death is `agent_host_died`. A host that is given up since
 * other work does not end in it is no such death. The deadline is held here and counts for all attempts together:
 * `agent_timeout`. More than 4096 operations at once are refused with `busy`.
 */
export function createAgentRunner(options: AgentRunnerOptions): HostedRunner {
  const { hostProgram: program, node, log, clock, patience = defaultPatience } = options;
  const lane = (name: string) => createLane({ name, program, args: [node], log, clock, patience });
  const storage = lane('storage');
  const fencing = lane('fencing');

  function perform(work: AgentWork): Promise<Result<Observation>>;
  function perform(work: FenceWork): Promise<Result<Power>>;
  function perform(work: AgentWork | FenceWork): Promise<Result<unknown>> {
    return 'verb' in work
      ? fencing.perform({ kind: 'fence', work })
      : storage.perform({ kind: 'perform', work });
  }

  return {
    perform,
    watch: (key, agent, parameters, changed) => storage.watch(key, agent, parameters, changed),
    unwatch: (key) => storage.unwatch(key),
    close() {
      storage.close();
      fencing.close();
    },
    hostProcess: () => storage.process(),
  };
}
