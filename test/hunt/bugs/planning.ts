import type { PlantedBug } from '../planted-bug.ts';

/** What is ordered, where, and after what. */
export const bugsOfPlanning: readonly PlantedBug[] = [
  {
    name: 'not-looked-at-is-stopped',
    why: 'What nobody has looked at yet is held to be stopped, so a restarted engine probes nothing.',
    expected: 'S5',
    edits: [
      {
        file: 'planner/facts.ts',
        from: "const NOT_SEEN: Seen = { state: 'unknown',",
        to: "const NOT_SEEN: Seen = { state: 'stopped',",
      },
    ],
  },
  {
    name: 'no-stop-before-start',
    why: 'A resource is started at its new place while it is still being stopped at the old one: two addresses up.',
    expected: 'S5',
    edits: [
      {
        file: 'planner/edges.ts',
        from: 'if (kept.has(first) && (isFoundedAnew(first) || !isLetPass(facts, first, step))) after.add(first.id);',
        to: 'if (kept.has(first) && first.node === step.node) after.add(first.id);',
      },
      {
        file: 'planner/edges.ts',
        from: 'if (down.node !== step.node) after.add(down.id);',
        to: "if (down.node === '') after.add(down.id);",
      },
      {
        file: 'planner/check.ts',
        from: 'planned.length > 0 && planned.every((id) => before.has(id)),',
        to: 'planned.length >= 0 || planned.every((id) => before.has(id)),',
      },
    ],
  },
  {
    name: 'unmanaged-elsewhere-ignored',
    why: 'What may still run on a node whose engine is away does not keep it from being started here.',
    expected: 'S5',
    edits: [
      {
        file: 'planner/holds.ts',
        from: 'return [...usable, ...untouchable].some((other) => {',
        to: 'return [...usable, ...untouchable.slice(0, 0)].some((other) => {',
      },
      {
        file: 'planner/document-status.ts',
        from: "kind === 'promotable-clone' || seen(id, node).state === 'stopped' ? [stopped(id)] : [];",
        to: "kind === 'promotable-clone' || seen(id, node).state !== 'failed' ? [stopped(id)] : [];",
      },
      {
        file: 'planner/check.ts',
        from: 'for (const node of [...facts.usable, ...facts.untouchable]) {',
        to: 'for (const node of facts.usable) {',
      },
    ],
  },
  {
    name: 'plan-goes-on',
    why: 'A transition is carried out to its end though the world it was planned for has changed.',
    expected: 'S2',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'if (plan === undefined || plan.aborted !== undefined) return;',
        to: 'if (plan === undefined) return;',
      },
    ],
  },
  {
    name: 'planned-while-in-flight',
    why: 'A new plan is made while orders of the last one are still under way, and orders against them.',
    expected: 'S5',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'if (Object.keys(state.inFlight).length > 0) return false;',
        to: '',
      },
      {
        file: 'controller/plan.ts',
        from: 'if (Object.keys(draft.state.inFlight).length > 0) return;',
        to: '',
      },
    ],
  },
  {
    name: 'volume-group-before-promotion',
    why: 'The order between the mirror and what stands on it is a mere wish, so both are begun at once.',
    expected: 'liveness',
    edits: [
      {
        file: 'blueprint/pool.ts',
        from: "kind: 'mandatory',\n            first: mirror.id,\n            firstAction: 'promote',",
        to: "kind: 'optional',\n            first: mirror.id,\n            firstAction: 'start',",
      },
    ],
  },
  {
    name: 'address-before-luns',
    why: 'The address comes up before the LUNs behind it, and hosts are told that their disk is gone.',
    expected: 'S5',
    edits: [
      {
        file: 'blueprint/target.ts',
        from: "...luns.map((lun) => startAfter('optional', lun.id, id)),",
        to: '',
      },
    ],
  },
  {
    name: 'failures-never-forgotten',
    why: 'A resource that failed often in bad times stays where it is, stopped, until a person cleans up.',
    expected: 'liveness',
    edits: [
      { file: 'controller/upkeep.ts', from: '  forgetFailures(draft);\n', to: '  void forgetFailures;\n' },
    ],
  },
  {
    name: 'deed-repeated',
    why: 'What must be done once is ordered again while its success is being written down.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/plan.ts',
        from: '(last === undefined || !isRecent(draft, last))',
        to: '(last === undefined || last > 0)',
      },
    ],
  },
  {
    name: 'removed-while-in-use',
    why: 'A volume is removed as soon as its LUN is to go, without looking whether it is still exported.',
    expected: 'S5',
    edits: [
      {
        file: 'planner/deeds.ts',
        from: 'return notStopped === undefined\n',
        to: "return notStopped !== ''\n",
      },
    ],
  },
  {
    name: 'planned-once',
    why: 'A transition that is done is not followed by another one until something aborts it.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'return plan.plannedFor.status !== state.status ||',
        to: 'return plan.plannedFor.status === undefined ||',
      },
    ],
  },
];
