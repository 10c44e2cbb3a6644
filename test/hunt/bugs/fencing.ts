import type { PlantedBug } from '../planted-bug.ts';

/** What counts as proof that a node is off, and who is fenced when. */
export const bugsOfFencing: readonly PlantedBug[] = [
  {
    name: 'promote-before-proof',
    why: 'Services are taken over while the fencing still runs, because waiting for it looks like lost time.',
    expected: 'S2',
    edits: [
      {
        file: 'planner/edges.ts',
        from: 'if (isClaim(facts, step)) for (const fence of fences) after.add(fence);',
        to: '',
      },
      // The engine's own assertion would notice at once.
      {
        file: 'planner/check.ts',
        from: 'fences.every((fence) => before.has(fence)),',
        to: 'fences.every((fence) => before.size >= 0 || before.has(fence)),',
      },
    ],
  },
  {
    name: 'command-is-proof',
    why: 'That the switch was told to cut the power is taken for power that is off, as fence scripts did that ignored their exit code.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: 'if (areAllOff(said)) confirm(draft, work);',
        to: 'if (said.length > 0) confirm(draft, work);',
      },
    ],
  },
  {
    name: 'silent-board-is-off',
    why: 'A management board that does not answer is taken for one that has lost its power together with its machine.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: 'if (areAllOff(said)) return confirm(draft, work);',
        to: "if (said.every(([, result]) => !result.ok || result.value === 'off')) return confirm(draft, work);",
      },
    ],
  },
  {
    name: 'silent-node-is-off',
    why: 'A node that cannot be heard any more is held to be dead, which every cluster without fencing assumes.',
    expected: 'S2',
    edits: [
      {
        file: 'controller/membership.ts',
        from: "changeNode(draft, node, (status) => to(draft, status, 'lost'));",
        to: "changeNode(draft, node, (status) => to(draft, status, 'offline'));",
      },
    ],
  },
  {
    name: 'dead-engine-is-off',
    why: 'That the engine of a node ended is taken for the end of what it had started.',
    expected: 'S2',
    edits: [
      {
        file: 'controller/membership.ts',
        from: "changeNode(draft, node, (status) => to(draft, status, 'engine-gone'));",
        to: "changeNode(draft, node, (status) => ({ ...to(draft, status, 'offline'), instances: {} }));",
      },
    ],
  },
  {
    name: 'new-boot-confirmed-off',
    why: 'The proof that the last life of a node was ended is applied to the one that has booted since.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'if (lifeOf(draft.state, target) !== life) {',
        to: "if (life === '') {",
      },
      // Whoever was fencing it forgets that when it is back, which would hide it.
      {
        file: 'fencing/performing.ts',
        from: "return !state.view.complete || (fencing?.state === 'running' && fencing.by === state.self);",
        to: 'return !state.view.complete || fencing?.by !== target;',
      },
    ],
  },
  {
    name: 'wish-is-proof',
    why: 'That a node is to be fenced is remembered as that it is off, since the one leads to the other anyway.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'changeNode(draft, target, (status) => ({ ...status, fenceWanted: reason }));',
        to: "changeNode(draft, target, (status) => ({ ...status, fenceWanted: reason, state: 'offline' }));",
      },
    ],
  },
  {
    name: 'order-is-proof',
    why: 'The order to fence is taken for the deed, because in every test the device does what it is told.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: "if (attempts === 1) tell(draft, 'fencing.started',",
        to: "changeNode(draft, target, (node) => ({ ...node, state: 'offline', instances: {} }));\n  if (attempts === 1) tell(draft, 'fencing.started',",
      },
    ],
  },
  {
    name: 'given-up-is-proof',
    why: 'After some attempts that failed the node is held to be dead, so that service is not delayed for ever.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'const attempts = fencing?.attempts ?? 1;',
        to: 'const attempts = fencing?.attempts ?? 1;\n  if (attempts >= 2) return onConfirmed(draft, { target, by: draft.state.self, life: lifeOf(draft.state, target) }, ["patience"]);',
      },
    ],
  },
  {
    name: 'any-status-is-proof',
    why: 'That the device answered at all is taken for yes.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: 'if (areAllOff(said)) return confirm(draft, work);',
        to: 'if (said.every(([, result]) => result.ok)) return confirm(draft, work);',
      },
    ],
  },
  {
    name: 'fenced-for-ever',
    why: 'A node that was fenced stays out until a person admits it again, and nobody tells the person.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/merged-status.ts',
        from: "return {\n    state: 'online',\n    since: known?.state",
        to: "return {\n    state: known?.fencing?.state === 'confirmed' ? 'offline' : 'online',\n    since: known?.state",
      },
    ],
  },
  {
    name: 'fencing-not-retried',
    why: 'A fencing that failed once is given up, since its device is held to be broken.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'if (isController(draft.state)) timer(draft, `fence-retry ${target}`, milliseconds(wait * 1000));',
        to: 'void wait;',
      },
      {
        file: 'controller/exchange.ts',
        from: "if (fencing?.state === 'failing') timer(",
        to: 'if (node === undefined) timer(',
      },
    ],
  },
  {
    name: 'fencing-waits-for-orders',
    why: 'Fencing is planned like anything else, after what is in flight, which may itself be waiting for it.',
    expected: 'liveness',
    edits: [{ file: 'controller/plan.ts', from: '  fenceAtOnce(draft);\n', to: '' }],
  },
  {
    name: 'dead-nodes-wish',
    why: 'What a node wanted before it died is carried out after it: its survivor is to be fenced by nobody.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'of wantedOnlyBy(draft.state, target))',
        to: 'of wantedOnlyBy(draft.state, target).slice(0, 0))',
      },
    ],
  },
  {
    name: 'orders-of-the-dead',
    why: 'Nobody strikes out what a node had been ordered to do before it was fenced, and its answer is waited for.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/fencing.ts',
        from: 'filter(([, { node }]) => node !== target)',
        to: "filter(([, { node }]) => node !== '')",
      },
      // Those who are still there would have forgotten it when the next view is complete.
      {
        file: 'controller/exchange.ts',
        from: '    inFlight,\n    status: mergedStatus(draft, syncs, senior),',
        to: '    inFlight: {\n      ...Object.fromEntries(\n        Object.entries(state.inFlight).filter(([, { node }]) => syncs.every((sync) => sync.node !== node)),\n      ),\n      ...inFlight,\n    },\n    status: mergedStatus(draft, syncs, senior),',
      },
    ],
  },
  {
    name: 'withdrawn-too-early',
    why: 'Fencing for a broken replication is called off as soon as one end sees it mended.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/replication.ts',
        from: 'const isMended = ends.every((end) => {',
        to: 'const isMended = ends.some((end) => {',
      },
    ],
  },
  {
    name: 'stuck-node-not-fenced',
    why: 'A stop that fails is only counted, as where fencing for it was switched off because it happened too often.',
    expected: 'S9',
    edits: [
      {
        file: 'planner/nodes.ts',
        from: "return node.state === 'offline' ? undefined : stuck(wishes, name, node);",
        to: "return node.state === 'offline' ? undefined : stuck(wishes, name, { ...node, instances: {} });",
      },
    ],
  },
  {
    name: 'one-feed-is-enough',
    why: 'One of two feeds that is off is taken for the machine, which goes on running on the other one.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: "said.length > 0 && said.every(([, result]) => result.ok && result.value === 'off');",
        to: "said.some(([, result]) => result.ok && result.value === 'off');",
      },
    ],
  },
  {
    name: 'no-head-start',
    why: 'Both nodes shoot at once when only their link is cut, and there is nobody left to serve.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: "step: delays ? 'delaying' : 'switching', took",
        to: "step: 'switching', took",
      },
    ],
  },
  {
    name: 'idle-nodes-race',
    why: 'Who serves goes first; that neither may be serving when they lose each other is forgotten, and both are put out.',
    expected: 'liveness',
    edits: [
      {
        file: 'fencing/head-start.ts',
        from: 'return isFirst ? 2 : 3;',
        to: 'return 2;',
      },
    ],
  },
  {
    name: 'absent-engine-trusted',
    why: 'A node whose engine stays away is left alone for as long as its Corosync answers.',
    expected: 'S9',
    edits: [
      {
        file: 'controller/membership.ts',
        from: "return multicast(draft, { kind: 'fence-wanted', target: node, reason, generation });",
        to: 'return;',
      },
    ],
  },
  {
    name: 'silent-engine-trusted',
    why: 'An engine that hangs while its process lives is waited for: Corosync shows it as a member.',
    expected: 'S9',
    edits: [
      {
        file: 'controller/silence.ts',
        from: 'if (!mayMulticast(draft, `silent ${name}`)) return;',
        to: "if (!mayMulticast(draft, `silent ${name}`) || name !== '') return;",
      },
    ],
  },
  {
    name: 'watchdog-assumed',
    why: 'A node out of reach is held to have been reset by its own watchdog after some seconds, which nobody has set up.',
    expected: 'S2',
    edits: [
      {
        file: 'fencing/performing.ts',
        from: "else take(draft, { ...work, step: 'switching', hasDelayed: true });",
        to: 'else confirm(draft, work);',
      },
    ],
  },
];
