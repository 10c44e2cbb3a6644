import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ROLE, schedule, type ScheduleInput, type Transition } from '../../../src/engine/scheduler/index.ts';
import { unpack } from '../../../src/engine/scheduler/unpack/unpack.ts';
import { readCrm } from '../../../src/formats/crm/index.ts';
import { execute, inject, type Injection, type PretendedFailure } from '../../../src/simulate/index.ts';
import type { NodeHistory } from '../../../src/model/index.ts';

/** More transitions than any of these stories needs to come to rest. */
const MOST_TRANSITIONS = 10;

/**
 * A cluster read from crm syntax, played forward: things happen to it, the scheduler decides, and what it decided is
 * carried out until nothing is left to do.
 */
export class PlayedCluster {
  #input: ScheduleInput;
  /** Every step that was taken since the last event: `start vg_data on san-a`. */
  steps: string[] = [];

  constructor(text: string) {
    const result = readCrm(text);
    if (!result.ok) throw new Error(`${result.finding.place}: ${result.finding.message}`);
    this.#input = {
      document: {
        ...result.document,
        fields: { 'have-quorum': '1', 'dc-uuid': '1', crm_feature_set: '3.16.1' },
      },
      now: 1_800_000_000,
      utcOffset: 0,
      md5: (words) => createHash('md5').update(words).digest('hex'),
      withScores: false,
    };
  }

  /** From one of the files beside this one. */
  static of(name: string): PlayedCluster {
    return new PlayedCluster(readFileSync(new URL(`configurations/${name}.crm`, import.meta.url), 'utf8'));
  }

  get transition(): Transition {
    return schedule(this.#input);
  }

  /** Sets attributes that a node's agents report: ping results, promotion scores. */
  report(node: string, attributes: Readonly<Record<string, string>>): this {
    const nodes = this.#input.document.nodes.map((state): NodeHistory => {
      if (state.uname !== node) return state;
      const kept = state.transient
        .flatMap(({ pairs }) => pairs)
        .filter(({ name = '' }) => !(name in attributes));
      const added = Object.entries(attributes).map(([name, value]) => ({
        id: `${node}-${name}`,
        name,
        value,
      }));
      return { ...state, transient: [{ id: `status-${node}`, pairs: [...kept, ...added] }] };
    });
    this.#input = { ...this.#input, document: { ...this.#input.document, nodes } };
    return this;
  }

  happens(...events: readonly Injection[]): this {
    for (const event of events) {
      const result = inject(this.#input, event);
      if (!result.ok) throw new Error(result.failure.message);
      this.#input = result.value;
    }
    return this;
  }

  allUp(): this {
    const names = this.#input.document.configuration.nodes.map(({ uname }) => uname);
    return this.happens(...names.map((node): Injection => ({ kind: 'node', node, change: 'up' })));
  }

  /** Decides and carries out until it rests; `failures` are what the first transition meets. */
  settle(failures: readonly PretendedFailure[] = []): this {
    this.steps = [];
    for (let round = 0; round < MOST_TRANSITIONS; round += 1) {
      const taken = this.decideOnce(round === 0 ? failures : []);
      if (taken.length === 0) return this;
    }
    throw new Error(`it does not come to rest: ${this.steps.slice(-20).join(', ')}`);
  }

  /** One transition decided and carried out; the steps taken, which are added to `steps`. */
  decideOnce(failures: readonly PretendedFailure[] = []): readonly string[] {
    const { document, steps } = execute(this.transition, failures);
    this.#input = { ...this.#input, document };
    const taken = steps
      .filter(({ kind }) => kind !== 'pseudo')
      .map(({ action, kind }) =>
        kind === 'fencing'
          ? `fence ${action.node?.name ?? ''}`
          : `${action.task} ${(action.resource?.id ?? '').replace(/:\d+$/, '')} on ${action.node?.name ?? ''}`,
      );
    this.steps.push(...taken);
    return taken;
  }

  /** Nodes on which the primitive, or an instance of it, runs; promoted ones with a star. */
  where(id: string): readonly string[] {
    return unpack(this.#input)
      .all.filter((resource) => resource.id.replace(/:\d+$/, '') === id && resource.kind === 'primitive')
      .flatMap(({ runningOn, role }) =>
        runningOn.map(({ name }) => (role === ROLE.promoted ? `${name}*` : name)),
      )
      .sort();
  }

  /** What an instance thinks of a node by itself, before anything is assigned. */
  score(id: string, node: string): number | undefined {
    const { scored } = this.transition.ordered.assigned;
    const resource = scored.unpacked.all.find((candidate) => candidate.id === id);
    const table = resource && scored.scores[resource.index];
    return [...(table ?? [])].find(([{ name }]) => name === node)?.[1];
  }

  /** Whether all these steps were taken, in this sequence (others may come between). */
  tookInOrder(...wanted: readonly string[]): boolean {
    let from = 0;
    return wanted.every((step) => {
      const found = this.steps.indexOf(step, from);
      from = found + 1;
      return found >= 0;
    });
  }
}
