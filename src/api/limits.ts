/** Everything the API takes is bounded. Durations in milliseconds, sizes in bytes. */
export interface ApiLimits {
  readonly body: number;
  readonly connections: number;
  /** For a request to arrive completely. */
  readonly request: number;
  readonly tlsHandshake: number;
  readonly keepAlive: number;
  /** The longest `wait` that is obeyed; longer ones are cut. */
  readonly wait: number;
  /** Requests that wait for an operation at the same time. */
  readonly waiters: number;
  readonly eventClients: number;
  readonly heartbeat: number;
  /** Bytes not yet taken by an event client, after which it is dropped. */
  readonly eventBacklog: number;
  readonly admissionsPerCaller: number;
  readonly admissions: number;
  readonly admissionWindow: number;
}

export const defaultLimits: ApiLimits = {
  body: 1024 * 1024,
  connections: 512,
  request: 30_000,
  tlsHandshake: 10_000,
  keepAlive: 10_000,
  wait: 120_000,
  waiters: 256,
  eventClients: 64,
  heartbeat: 15_000,
  eventBacklog: 1024 * 1024,
  admissionsPerCaller: 5,
  admissions: 30,
  admissionWindow: 60_000,
};
