import {
  decodeJoinCode,
  failed,
  failure,
  failures,
  success,
  type Failure,
  type HostView,
  type Result,
  type SetupView,
  type StatusView,
} from '../model/index.ts';
import type { Answers } from './answers.ts';
import { describePlan } from './describe-plan.ts';
import type { Front } from './front.ts';
import { answered, nextTurn, takeProposals, withoutDoubted } from './interview/interview.ts';
import type { Known, Question } from './interview/question.ts';
import { planOf, type Plan } from './plan.ts';
import { runPlan, stepsOf } from './run/run.ts';
import type { Api, World } from './run/step.ts';
import { noState, withoutPlan, type SetupState, type StateFile } from './state.ts';

/** Milliseconds: the other node looks at itself too. */
const LOOK = 330_000;

export interface SetupOptions {
  readonly api: Api;
  readonly state: StateFile;
  /** Undefined: nobody is asked. */
  readonly front: Front | undefined;
  readonly tell: (text: string) => void;
  /** From a file, with the join code. */
  readonly given: Answers;
  readonly planOnly: boolean;
  readonly startOver: boolean;
  /** Where the answers are kept, once they are complete; for their owner alone. */
  readonly saveAnswers: ((answers: Answers) => Promise<void>) | undefined;
  readonly world: Pick<World, 'pause' | 'now' | 'targetsAt'>;
  /** Milliseconds since 1970. */
  readonly today: number;
}

export type SetupEnd =
  | { readonly kind: 'planned' }
  | { readonly kind: 'left' }
  /** The SAN as it is then, and the first host. */
  | { readonly kind: 'done'; readonly status: StatusView; readonly plan: Plan }
  /** There is a cluster, and no set-up under way. */
  | { readonly kind: 'there'; readonly status: StatusView };

const codeQuestion: Question = {
  id: 'join-code',
  text: 'Join code of the other node',
  why: 'Type `keelson cluster join-code` there: it says where that node is, and proves each to the other.',
  kind: 'text',
  check: (reply) => {
    const decoded = decodeJoinCode(reply);
    return decoded.ok ? undefined : decoded.failure.message;
  },
};

/** From wherever it stands to the end: questions, plan, and what is to be done. */
export async function setUp(options: SetupOptions): Promise<Result<SetupEnd>> {
  const { state: file, api, startOver, planOnly } = options;
  const locked = await file.lock();
  if (!locked.ok) return locked;
  try {
    const status = await api.ask<StatusView>({ method: 'GET', path: '/status' });
    const isMember = status.ok && status.value.clusterName !== undefined;
    if (startOver && isMember)
      return failed(failure('cluster_exists', 'the cluster is formed: a set-up can only go on from here'));
    if (startOver) await file.remove();
    const kept = await file.read();
    if (!kept.ok) return kept;
    const state = kept.value ?? noState;
    if (state.plan !== undefined && planOnly) {
      options.tell(describePlan(state.plan, [], stepsOf(state.plan)));
      return success({ kind: 'planned' });
    }
    if (state.plan !== undefined) {
      options.tell(`going on with the set-up of ${state.plan.file.name}, which was begun before`);
      const carried = await carryOut(options, state, state.plan);
      if (carried.ok || carried.nothingChanged === undefined) return carried;
      if (options.front === undefined) return failed(carried.failure);
      return await begin(options, carried.nothingChanged, carried.failure);
    }
    if (!status.ok) return status;
    if (isMember) return success({ kind: 'there', status: status.value });
    return await begin(options, state);
  } finally {
    locked.value();
  }
}

/** What was said before counts where somebody can be asked; a file always counts alone. */
async function begin(
  options: SetupOptions,
  before: SetupState,
  refused?: Failure,
): Promise<Result<SetupEnd>> {
  const kept = options.front === undefined ? noState : before;
  // The code may come from the environment, with or without a file.
  const isFromFile = Object.keys(options.given).some((name) => name !== 'joinCode');
  let state: SetupState = { ...kept, given: isFromFile ? options.given : kept.given };
  const keep = async (next: SetupState): Promise<void> => {
    state = next;
    if (!options.planOnly) await options.state.write(next);
  };
  const met = await meet(options, state);
  if (!met.ok) return met;
  if (met.value === 'left') return success({ kind: 'left' });
  let known = met.value;
  const code = known.joinCode;
  await keep({ ...state, joinCode: code });
  if (refused) known = askedAnew(options, known, refused);
  for (;;) {
    const asked = await interview(options, known.known, (replies) => keep({ ...state, replies }));
    if (!asked.ok) return asked;
    const answers = asked.value.answers;
    const plan = planOf(asked.value.known, answers, code);
    if (!plan.ok) return plan;
    await options.saveAnswers?.(answers);
    const { machine, other } = known.known;
    options.tell(describePlan(plan.value, [machine, other], stepsOf(plan.value)));
    if (options.planOnly) return success({ kind: 'planned' });
    const wish = (await options.front?.confirm()) ?? 'go';
    if (wish === 'leave') return success({ kind: 'left' });
    if (wish === 'go') {
      await keep({ ...state, plan: plan.value });
      const carried = await carryOut(options, state, plan.value);
      if (carried.ok || carried.nothingChanged === undefined || options.front === undefined) return carried;
      state = carried.nothingChanged;
      known = askedAnew(options, { ...known, known: asked.value.known }, carried.failure);
      continue;
    }
    known = { ...known, known: withoutLast(asked.value.known) };
  }
}

/** After a look that found something wrong: what may be to blame is asked for again, everything else can be gone back to. */
function askedAnew({ tell }: SetupOptions, met: Met, { code, message }: Failure): Met {
  tell(`\n${message} (${code})\n${failures[code].next} Nothing was changed so far.`);
  return { ...met, known: withoutDoubted(met.known, code) };
}

interface Met {
  readonly known: Known;
  readonly joinCode: string;
}

/** Finds the other node by its code, and looks at both. A code that does not fit is asked for again where somebody can answer. */
async function meet(options: SetupOptions, state: SetupState): Promise<Result<Met | 'left'>> {
  const { api, front, tell, today } = options;
  let code = options.given.joinCode ?? state.joinCode;
  for (;;) {
    if (code === undefined) {
      if (front === undefined)
        return failed(
          failure('answers_missing', 'joinCode: what `keelson cluster join-code` prints on the other node'),
        );
      const reply = await front.ask(codeQuestion, 1);
      if (reply.kind === 'back') return success('left');
      code = reply.value;
    }
    tell('looking at both nodes; this takes a while');
    const seen = await api.ask<SetupView>({
      method: 'POST',
      path: '/setup/look',
      body: { code },
      timeout: LOOK,
    });
    const decoded = decodeJoinCode(code);
    if (seen.ok && seen.value.other !== undefined && decoded.ok) {
      const { machine, other } = seen.value;
      tell(`found ${other.node} at ${decoded.value.address}`);
      const month = new Date(today).toISOString().slice(0, 7);
      const otherAddress = decoded.value.address;
      const known = { machine, other, otherAddress, given: state.given, replies: state.replies, month };
      return success({ known, joinCode: code });
    }
    const problem = seen.ok
      ? failure('setup_forbidden', seen.value.diagnoses[0]?.found ?? 'the other node could not be looked at')
      : seen.failure;
    if (front === undefined || problem.code === 'setup_forbidden') return failed(problem);
    tell(`  ${problem.message} (${problem.code})`);
    code = undefined;
  }
}

type Asked = Result<{ readonly known: Known; readonly answers: Answers }>;

/** Every reply is on disk before the next question. */
async function interview(
  { front }: SetupOptions,
  begun: Known,
  keep: (replies: Known['replies']) => Promise<void>,
): Promise<Asked> {
  let known = begun;
  if (front === undefined) {
    const taken = takeProposals(known);
    if (taken.missing.length > 0) return failed(failure('answers_missing', missingText(taken.missing)));
    known = taken.known;
  }
  for (;;) {
    const turn = nextTurn(known);
    if (turn.kind === 'obstacle') return failed(failure('setup_forbidden', turn.why));
    if (turn.kind === 'done') return success({ known, answers: turn.answers });
    if (front === undefined) return failed(failure('answers_missing', missingText([turn.question])));
    // The join code was the first.
    const reply = await front.ask(turn.question, turn.number + 1);
    known =
      reply.kind === 'back'
        ? withoutLast(known)
        : { ...known, replies: { ...known.replies, [turn.question.id]: reply.value } };
    await keep(known.replies);
  }
}

const missingText = (questions: readonly Question[]): string =>
  questions.map(({ id, text }) => `${text} (${id})`).join('; ');

/** As before the last question that was answered. */
function withoutLast(known: Known): Known {
  const last = answered(known).at(-1);
  return {
    ...known,
    replies: Object.fromEntries(Object.entries(known.replies).filter(([id]) => id !== last?.id)),
  };
}

/** `nothingChanged`: it failed before anything was touched, and what is left of the state is not bound to a plan. */
type Carried = Result<SetupEnd> & { readonly nothingChanged?: SetupState };

async function carryOut(options: SetupOptions, begun: SetupState, decided: Plan): Promise<Carried> {
  const { front, given } = options;
  let plan = given.joinCode === undefined ? decided : { ...decided, joinCode: given.joinCode };
  let state = begun;
  const keep = async (next: SetupState): Promise<void> => {
    state = next;
    await options.state.write(next);
  };
  for (;;) {
    const ran = await runPlan({
      ...options.world,
      plan,
      api: options.api,
      tell: options.tell,
      memory: () => state.memory,
      remember: (memory) => keep({ ...state, memory }),
    });
    if (ran.ok) {
      // Its secrets are the nodes' now.
      await options.state.remove();
      return success({ kind: 'done', status: ran.value, plan });
    }
    if (ran.at?.changesNothing === true && ran.failure.code !== 'join_code_wrong') {
      const rest = withoutPlan(state);
      await options.state.write(rest);
      return { ...ran, nothingChanged: rest };
    }
    // It was made more than a day ago: the only answer that grows old.
    if (ran.failure.code !== 'join_code_wrong' || front === undefined) return ran;
    options.tell(`  ${ran.failure.message} (${ran.failure.code})`);
    const reply = await front.ask(codeQuestion, 1);
    if (reply.kind === 'back') return ran;
    plan = { ...plan, joinCode: reply.value };
    await keep({ ...state, plan });
  }
}

/** Whether the first host has logged in: what only the host itself can do. */
export async function hasLoggedIn(api: Api, host: string): Promise<boolean> {
  const seen = await api.ask<HostView>({ method: 'GET', path: `/hosts/${encodeURIComponent(host)}` });
  return seen.ok && seen.value.loggedIn.length > 0;
}
