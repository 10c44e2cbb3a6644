import type { PlantedBug } from '../planted-bug.ts';

/** Orders on a node, and what is believed of their results. */
export const bugsOfExecution: readonly PlantedBug[] = [
  {
    name: 'blind-monitor-is-stopped',
    why: 'A monitor that could not tell is reported as "not running", like a script whose every error is exit code 7.',
    expected: 'S2',
    edits: [
      {
        file: 'executor/executor.ts',
        from: "report(draft, resource, { state: 'failed', problem: result.failure });",
        to: "report(draft, resource, { state: 'stopped', problem: result.failure });",
      },
      {
        file: 'executor/executor.ts',
        from: 'const MONITOR_ATTEMPTS = 3;',
        to: 'const MONITOR_ATTEMPTS = 1;',
      },
    ],
  },
  {
    name: 'failed-start-is-stopped',
    why: 'A start that failed is held to have started nothing, and nobody looks.',
    expected: 'sequence',
    edits: [
      {
        file: 'executor/executor.ts',
        from: "if (action.operation === 'monitor') return answer(draft, action, undefined, problem);",
        to: "if (action.operation === 'monitor') return answer(draft, action, undefined, problem);\n  if (action.operation === 'start') return answer(draft, action, { state: 'stopped' }, problem);",
      },
    ],
  },
  {
    name: 'failed-stop-is-stopped',
    why: 'A stop that failed counts all the same, so that a shutdown does not hang.',
    expected: 'sequence',
    edits: [
      {
        file: 'executor/executor.ts',
        from: "if (action.operation === 'monitor') return answer(draft, action, undefined, problem);",
        to: "if (action.operation === 'monitor') return answer(draft, action, undefined, problem);\n  if (action.operation === 'stop') return answer(draft, action, { state: 'stopped' }, undefined);",
      },
    ],
  },
  {
    name: 'stopped-not-believed',
    why: 'A monitor that sees something stopped is taken for a passing mistake and not told.',
    expected: 'liveness',
    edits: [
      {
        file: 'executor/executor.ts',
        from: 'if (JSON.stringify(known) === JSON.stringify(observation)) return;',
        to: "if (JSON.stringify(known) === JSON.stringify(observation) || observation.state === 'stopped') return;",
      },
    ],
  },
  {
    name: 'success-not-looked-at',
    why: 'An agent that says it succeeded is believed, whatever it saw.',
    expected: 'sequence',
    edits: [
      {
        file: 'executor/executor.ts',
        from: 'if (expected[operation]?.includes(seen.state) ?? true) {',
        to: 'if (expected[operation]?.includes(seen.state) !== undefined || seen.state.length > 0) {',
      },
    ],
  },
  {
    name: 'two-at-once',
    why: 'A second operation on a resource begins while the first still runs.',
    expected: 'S9',
    edits: [
      {
        file: 'executor/executor.ts',
        from: 'if (isBusy(executor, action.resource)) {',
        to: "if (isBusy(executor, action.resource) && action.resource === '') {",
      },
    ],
  },
  {
    name: 'deadline-not-enforced',
    why: 'The controller waits for an answer for ever: there is a deadline, and nobody looks at it.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'if (flight === undefined || !isController(draft.state)) return;',
        to: 'if (flight?.timeout !== undefined || !isController(draft.state)) return;\n  if (flight === undefined) return;',
      },
    ],
  },
  {
    name: 'deadline-not-taken-back',
    why: 'The alarm for an answer that came in time is not switched off, and whom it is about is read from its name.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'if (isController(draft.state)) timer(draft, `answer ${action.id}`, undefined);',
        to: '',
      },
      {
        file: 'controller/plan.ts',
        from: 'const flight = draft.state.inFlight[actionId];\n  if (flight === undefined || !isController(draft.state)) return;',
        to: "const known = draft.state.inFlight[actionId];\n  const flight = known ?? { action: actionId, node: actionId.split(' ').at(-1) ?? '', resource: '', timeout: milliseconds(0) };\n  if (!isController(draft.state)) return;",
      },
    ],
  },
  {
    name: 'late-result-lost',
    why: 'A result that nobody waits for any more is thrown away, though it tells what is the case now.',
    expected: 'known',
    edits: [
      {
        file: 'controller/plan.ts',
        from: "if (draft.state.status.nodes[action.node]?.state !== 'online') return false;",
        to: "if (draft.state.status.nodes[action.node]?.state !== '') return false;",
      },
    ],
  },
  {
    name: 'result-never-told',
    why: 'The result of an operation that was under way when the view changed is not told to the new one.',
    expected: 'known',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: "work.kind === 'monitor' ? [] : [flightOf(work.action)],",
        to: "work.kind !== 'look-after' ? [] : [flightOf(work.action)],",
      },
    ],
  },
  {
    name: 'callers-never-forgotten',
    why: 'What a caller asked is remembered after the caller has gone.',
    expected: 'bounds',
    edits: [
      {
        file: 'controller/step.ts',
        from: 'return forgetRequest(draft, input.id);',
        to: 'return void forgetRequest;',
      },
    ],
  },
  {
    name: 'dead-agents-result-lost',
    why: 'What the agent host was doing when it ended is not reported by anybody, so its node is put out for not answering.',
    expected: 'S9',
    edits: [
      {
        file: 'executor/executor.ts',
        from: "if (action.operation === 'monitor') return answer(draft, action, undefined, problem);",
        to: "if (problem.code === 'agent_host_died') return;\n  if (action.operation === 'monitor') return answer(draft, action, undefined, problem);",
      },
    ],
  },
];
