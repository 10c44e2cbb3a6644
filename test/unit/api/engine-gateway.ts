import type { EngineRequest } from '../../../src/engine/index.ts';
import {
  failed,
  failure,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type RequestTerms,
  type Result,
} from '../../../src/model/index.ts';
import { San } from '../../scenario/engine/san.ts';
import { FakeGateway } from './fake-gateway.ts';

/**
 * Real engines in simulated time behind the API, in a cluster that serves one LUN. What they do not answer themselves (the
 * daemon around them does) the test answers.
 */
export class EngineGateway extends FakeGateway {
  readonly san = San.serving();

  override request<Kind extends RequestKind>(
    kind: Kind,
    request: RequestOf<Kind>,
    terms?: RequestTerms,
  ): Promise<Result<ReplyOf<Kind>>> {
    if (this.replies[kind] !== undefined) return super.request(kind, request, terms);
    let answer: Result<unknown> | undefined;
    this.san.alpha.request(kind as EngineRequest['kind'], request, (result) => void (answer = result), terms);
    this.san.world.runUntil(10_000, () => answer !== undefined);
    answer ??= failed(failure('engine_unreachable', `${kind} was not answered`));
    return Promise.resolve(answer as Result<ReplyOf<Kind>>);
  }
}
