import type { EngineRequest } from '../../../src/engine/index.ts';
import type {
  PolicyChange,
  ReplyOf,
  RequestKind,
  RequestTerms,
  ResourceId,
  Result,
} from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { expect } from 'vitest';
import { SECOND, type San } from './san.ts';

/** What an operator asks of nodes, the cluster and resources, and is answered. */
export class Wishes {
  private readonly san: San;

  constructor(san: San) {
    this.san = san;
  }

  /** The answer, which must come within seconds. */
  ask<Kind extends RequestKind & EngineRequest['kind']>(
    kind: Kind,
    body: object,
    machine: Machine = this.san.alpha,
    terms?: RequestTerms,
  ): Result<ReplyOf<Kind>> {
    let answer: Result<unknown> | undefined;
    machine.request(
      kind,
      body,
      (result) => {
        answer = result;
      },
      terms,
    );
    this.san.eventually(`${kind} is answered`, () => answer !== undefined, 10 * SECOND);
    return answer as Result<ReplyOf<Kind>>;
  }

  private granted<Kind extends RequestKind & EngineRequest['kind']>(kind: Kind, body: object): ReplyOf<Kind> {
    const answer = this.ask(kind, body);
    expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }

  node(machine: Machine, wish: object): void {
    this.granted('node.set', { name: machine.name, ...wish });
  }

  maintenance(on: boolean): void {
    this.granted('cluster.set', { maintenance: on });
  }

  resource(id: ResourceId, policy: PolicyChange): void {
    this.granted('resource.set', { id, policy });
  }

  /** As `keelson node leave` does: asks again until nothing is active there. */
  leave(leaver: Machine, asked: Machine = leaver): void {
    this.san.eventually(`${leaver.name} has left`, () => {
      const answer = this.ask('node.leave', { name: leaver.name }, asked);
      expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
      return answer.ok && answer.value.left;
    });
  }
}
