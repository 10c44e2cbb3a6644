import {
  assertNever,
  failed,
  failure,
  milliseconds,
  success,
  type Milliseconds,
  type Result,
  type WitnessTask,
} from '../model/index.ts';
import { askVotes } from '../platform/corosync/index.ts';
import { switchDevice } from '../platform/formation/corosync-service.ts';
import { writeQuorumRules } from '../platform/formation/quorum-rules.ts';
import { createRun, runSuccessfully, type Run } from '../platform/processes/run.ts';
import type { Witness } from './witness.ts';

export interface WitnessTasksOptions {
  readonly witness: Pick<Witness, 'prepare'>;
  readonly corosyncFolder: string;
  readonly pause: (duration: Milliseconds) => Promise<void>;
  readonly run?: Run;
  readonly ask?: typeof askVotes;
}

/** Corosync needs some milliseconds to take its rules, the witness up to some seconds to give its vote. */
const LOOK_AGAIN = milliseconds(300);
const LOOKS = { rules: 30, vote: 60 };

type Apply = Extract<WitnessTask, { kind: 'apply' }>;

/** This node's part of a change of the rules of quorum, as the engine asks for it. All of it may be repeated. */
export function createWitnessTasks({
  witness,
  corosyncFolder,
  pause,
  run = createRun(90_000),
  ask = askVotes,
}: WitnessTasksOptions): (task: WitnessTask) => Promise<Result<void>> {
  /** What is still missing, looked at again until nothing is, or this was often enough. */
  async function until(looks: number, look: () => Promise<Result<void>>): Promise<Result<void>> {
    for (let left = looks; ; left -= 1) {
      const seen = await look();
      if (seen.ok || left <= 1) return seen;
      await pause(LOOK_AGAIN);
    }
  }

  async function goesByThem({ nodes, id, witness: wanted }: Apply): Promise<Result<void>> {
    const votes = await ask(id);
    if (!votes.ok) return votes;
    const expected = nodes + (wanted === undefined ? 0 : 1);
    const isTwoNode = nodes === 2 && wanted === undefined;
    if (votes.value.expected === expected && votes.value.isTwoNode === isTwoNode) return success(undefined);
    return failed(failure('not_synchronised', 'Corosync does not go by the new rules of quorum yet'));
  }

  async function hasVote(id: number, address: string): Promise<Result<void>> {
    const votes = await ask(id);
    if (!votes.ok) return votes;
    if (votes.value.isVoting) return success(undefined);
    const why = votes.value.isRegistered
      ? 'it cannot be reached, or refuses'
      : 'corosync-qdevice does not run here';
    return failed(failure('witness_unreachable', `the witness ${address} does not vote yet: ${why}`));
  }

  async function apply(task: Apply): Promise<Result<void>> {
    const { id, witness: wanted, reload } = task;
    if (reload && !(await goesByThem(task)).ok) {
      const reloaded = await runSuccessfully(run, 'corosync-cfgtool', ['-R']);
      if (!reloaded.ok) return reloaded;
    }
    const taken = await until(LOOKS.rules, () => goesByThem(task));
    if (!taken.ok) return taken;
    if (wanted === undefined) return switchDevice('stop', { run });
    const started = await switchDevice('start', { run });
    return started.ok ? until(LOOKS.vote, () => hasVote(id, wanted.address)) : started;
  }

  return (task) => {
    switch (task.kind) {
      case 'prepare':
        return witness.prepare(task, task.secrets);
      case 'write':
        return writeQuorumRules(task, corosyncFolder);
      case 'apply':
        return apply(task);
      default:
        return assertNever(task);
    }
  };
}
