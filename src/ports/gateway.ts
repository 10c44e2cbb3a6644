import type { EventRecord, ReplyOf, RequestKind, RequestOf, RequestTerms, Result } from '../model/index.ts';

/** The API's way to the engine. */
export interface EngineGateway {
  /** `engine_unreachable` where the socket does not answer within the deadline. */
  request<Kind extends RequestKind>(
    kind: Kind,
    request: RequestOf<Kind>,
    terms?: RequestTerms,
  ): Promise<Result<ReplyOf<Kind>>>;
  /** Events after a sequence number (or only new ones), until the signal aborts; ends early where the engine goes away. */
  events(after: number | undefined, signal: AbortSignal): AsyncIterable<EventRecord>;
}
