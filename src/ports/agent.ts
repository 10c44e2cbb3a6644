import type {
  AgentName,
  Discovered,
  FenceAgentName,
  Milliseconds,
  Observation,
  OperationName,
  Parameters,
  Result,
} from '../model/index.ts';

/** What an agent may use while it works; given by the agent host, so that agents import nothing of the platform. */
export interface AgentContext {
  /** This node's name. */
  readonly node: string;
  /** Aborted at the operation's deadline. */
  readonly signal: AbortSignal;
  /** Runs a program without a shell. A non-zero exit is a value, not a failure; `command_missing` and the deadline are failures. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Result<RunOutput>>;
  /** For people who debug; one line; no secrets. */
  log(message: string): void;
}

export interface RunOptions {
  readonly input?: string;
  /** Added to a minimal environment (PATH, LC_ALL=C). For secrets: never in `args`. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunOutput {
  readonly exitCode: number;
  /** At most 1 MiB each. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An agent operates one kind of resource. Every operation looks first and may be repeated safely; an operation that
 * is interrupted leaves a state that the next call completes. Resolves with what was seen after the work, so that the
 * engine learns the new state without another monitor.
 */
export interface Agent {
  readonly name: AgentName;
  /** Must not change anything. A failure means 'could not tell'; an unhealthy instance is the observation `failed`. */
  monitor(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  start(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  stop(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  promote?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  demote?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  /** Brings an instance that runs to these parameters: only what differs is touched, and nobody else is disturbed. */
  reload?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  create?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  /** Brings what it stands for to at least the size of the parameters, while it is in use; never makes it smaller. */
  grow?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  /** Has a mirror look for its peer again, and where the parameters say so, discard its own changes. */
  reconnect?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  remove?(parameters: Parameters, context: AgentContext): Promise<Result<Observation>>;
  /** Calls `changed` whenever the kernel says that a monitor would now see something else. Ends when the signal aborts. */
  watch?(parameters: Parameters, context: AgentContext, changed: () => void): Promise<void>;
}

/** Runs operations somewhere else (the agent host), with a deadline, and survives that place's death. */
export interface AgentRunner {
  /** `agent_timeout` where the deadline passed, whatever the operation still does; `agent_host_died` where its process ended. */
  perform(work: AgentWork): Promise<Result<Observation>>;
  /** Watches from now on; replaces an earlier watch of the same key; survives the agent host's death. */
  watch(key: string, agent: AgentName, parameters: Parameters, changed: () => void): void;
  unwatch(key: string): void;
}

export interface AgentWork {
  readonly agent: AgentName;
  readonly operation: OperationName;
  readonly parameters: Parameters;
  readonly timeout: Milliseconds;
}

export type Power = 'on' | 'off';
export type FenceVerb = 'off' | 'on' | 'status';

/** A way to switch a node's power from outside its operating system. Verbs look first and may be repeated. */
export interface FenceAgent {
  readonly name: FenceAgentName;
  /**
   * `off` succeeds only when the device itself has said, after the switch, that the power is off: that is the proof
   * of S2. Fails with `fence_unreachable`, `fence_refused` or `fence_not_confirmed`.
   */
  perform(verb: FenceVerb, parameters: Parameters, context: AgentContext): Promise<Result<Power>>;
  /** What the device can switch; changes nothing. Absent: it cannot say. */
  discover?(parameters: Parameters, context: AgentContext): Promise<Result<Discovered>>;
}

/** A device is asked what it can switch. */
export interface DiscoveryWork {
  readonly agent: FenceAgentName;
  readonly verb: 'discover';
  readonly parameters: Parameters;
  readonly timeout: Milliseconds;
}

export interface FenceWork {
  readonly agent: FenceAgentName;
  readonly verb: FenceVerb;
  readonly parameters: Parameters;
  readonly timeout: Milliseconds;
}

/** Apart from the agent runner, so that a storage operation that hangs never delays a fencing. */
export interface FenceRunner {
  perform(work: FenceWork): Promise<Result<Power>>;
}
