import {
  failed,
  failure,
  milliseconds,
  success,
  type Failure,
  type FenceTest,
  type NodeView,
  type Result,
  type SetupView,
  type StatusView,
} from '../../../src/model/index.ts';
import type { Plan } from '../../../src/wizard/plan.ts';
import type { Api, Memory, World } from '../../../src/wizard/run/step.ts';
import { machine } from './machines.ts';

/** What a terminal sees when the machine loses its power, or somebody ends it. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/**
 * Plays the API of the node where a set-up runs, and the cluster behind it, as far as a set-up sees them: a stub that
 * answers as the API documents it. Every change is done at once, unless `fails` says otherwise.
 */
export class PlayedCluster implements Api {
  readonly asked: string[] = [];
  readonly told: string[] = [];
  readonly plan: Plan;
  memory: Memory = {};
  /** Makes the request with this number (from 1), counted without questions for the status, end the set-up before or after it was carried out. */
  cutAt: { readonly request: number; readonly when: 'before' | 'after' } | undefined;
  readonly fails = new Map<string, Failure[]>();
  forbidden = false;
  #requests = 0;
  #formed = false;
  #joined = false;
  #primary: string;
  #standby = new Set<string>();
  #proven = new Set<string>();
  #tests = new Map<string, FenceTest>();
  #waived = new Set<string>();
  #luns: string[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.#primary = plan.nodes[0];
  }

  get proven(): readonly string[] {
    return [...this.#proven];
  }

  ask<Answer>(ask: Parameters<Api['ask']>[0]): Promise<Result<Answer>> {
    const what = `${ask.method} ${ask.path}`;
    if (what === 'GET /status') return Promise.resolve(success(this.status() as Answer));
    this.#requests += 1;
    const cut = this.cutAt?.request === this.#requests ? this.cutAt.when : undefined;
    if (cut === 'before') throw new PowerCut();
    this.asked.push(what);
    const failing = this.fails.get(what)?.shift();
    const answer = failing === undefined ? this.#carryOut(what, ask.body ?? {}) : failed(failing);
    // The test of this very node takes the set-up with it, as it does in truth.
    const isOwnTest = failing === undefined && what === `POST /nodes/${this.plan.nodes[0]}/fence-test`;
    if (cut === 'after' || isOwnTest) throw new PowerCut();
    return Promise.resolve(answer as Result<Answer>);
  }

  #carryOut(what: string, body: object): Result<unknown> {
    const [, node = ''] = /\/nodes\/([^/]+)/.exec(what) ?? [];
    if (what === 'POST /setup/look') return success(this.#look());
    if (what === 'POST /fence-discovery')
      return success({ about: 'a board', outlets: [], proposals: [], notes: [] });
    if (what === 'POST /cluster') {
      if (this.#formed) return failed(failure('cluster_exists', 'formed'));
      this.#formed = true;
      return success({ joinSecret: 's', token: { milliseconds: 1000, reason: 'the least' } });
    }
    if (what === 'POST /setup/join') {
      if (this.#joined) return failed(failure('cluster_exists', 'joined'));
      this.#joined = true;
      return success({ clusterName: this.plan.file.name });
    }
    if (what === 'POST /luns') {
      const { name } = body as { name: string };
      if (!this.#luns.includes(name)) this.#luns.push(name);
      return success({ operation: { state: 'running' } });
    }
    if (what.startsWith('PATCH')) return this.#setStandby(node, (body as { standby: boolean }).standby);
    if (what.endsWith('fence-test')) return this.#test(node);
    if (what.endsWith('fence-waiver')) {
      this.#waived.add(node);
      return success({});
    }
    throw new Error(`the played cluster knows no ${what}`);
  }

  #look(): SetupView {
    const diagnoses = [
      {
        code: 'disk_has_data',
        weight: 'forbids' as const,
        node: 'san-b',
        found: 'it carries ext4',
        why: '',
        mend: 'Wipe it.',
      },
    ];
    return {
      machine: machine('san-a', 11),
      other: machine('san-b', 12),
      diagnoses: this.forbidden ? diagnoses : [],
    };
  }

  #other = (node: string): string => this.plan.nodes.find((name) => name !== node) ?? '';

  #setStandby(node: string, standby: boolean): Result<unknown> {
    if (!standby) this.#standby.delete(node);
    else {
      this.#standby.add(node);
      if (this.#primary === node) this.#primary = this.#other(node);
    }
    return success({});
  }

  #test(node: string): Result<unknown> {
    if (this.#primary === node) return failed(failure('fence_test_unsafe', `${node} serves pool pool1`));
    this.#proven.add(node);
    this.#tests.set(node, { level: 1, state: 'passed', startedAt: milliseconds(1), revision: 1 });
    return success({});
  }

  status(): StatusView {
    const { file, nodes } = this.plan;
    const there = nodes.filter((name) => name === nodes[0] || this.#joined);
    return {
      clusterName: this.#formed ? file.name : undefined,
      node: nodes[0],
      // Alone it waits for the other one, as a cluster of two does that has just been formed.
      synchronised: this.#joined,
      quorate: this.#joined,
      revision: 1,
      controller: nodes[0],
      serving: true,
      survivesFailure: this.#proven.size === 2,
      problems: [],
      blocked: [],
      nodes: this.#formed ? there.map((name) => this.#node(name)) : [],
      pools: this.#joined
        ? [
            {
              name: 'pool1',
              state: 'ready',
              primary: this.#primary,
              // Nothing runs on a node in standby, its mirror neither.
              disks: Object.fromEntries(
                nodes.map((name) => [name, this.#standby.has(name) ? 'unknown' : 'UpToDate']),
              ),
            },
          ]
        : [],
      luns: this.#luns.map((name) => ({ name, state: 'ready', servedBy: this.#primary })) as never,
    };
  }

  #node(name: string): NodeView {
    const proof = { testedAt: milliseconds(1), took: milliseconds(2) };
    const test = this.#tests.get(name);
    return {
      name,
      state: 'online',
      since: undefined,
      isController: false,
      fencing: undefined,
      fenceDevices: [
        {
          name: `${name}-1`,
          kind: 'ipmi',
          level: 1,
          state: 'ready',
          by: undefined,
          since: undefined,
          failure: undefined,
          ...(this.#proven.has(name) ? { proof } : {}),
        },
      ],
      ...(test && { fenceTest: test }),
      ...(this.#waived.has(name) ? { fenceWaiver: { at: milliseconds(1), reason: 'r' } } : {}),
      ...(this.#standby.has(name) ? { standby: true } : {}),
      instances: [],
    };
  }

  /** What a set-up works with; time passes only where it waits. */
  world(): World {
    let now = 0;
    return {
      plan: this.plan,
      api: this,
      memory: () => this.memory,
      remember: (memory) => {
        this.memory = memory;
        return Promise.resolve();
      },
      tell: (text) => void this.told.push(text),
      pause: (milliseconds) => {
        now += milliseconds;
        return Promise.resolve();
      },
      now: () => now,
      targetsAt: () => Promise.resolve([this.plan.file.target.iqn]),
    };
  }
}
