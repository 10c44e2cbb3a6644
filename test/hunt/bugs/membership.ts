import type { PlantedBug } from '../planted-bug.ts';

/** Who is there, who knows what, and whose word counts. */
export const bugsOfMembership: readonly PlantedBug[] = [
  {
    name: 'everybody-controls',
    why: 'Each engine elects itself because the rule of election looks at itself first.',
    expected: 'S8',
    edits: [
      { file: 'controller/exchange.ts', from: 'controller: senior.node,', to: 'controller: state.self,' },
    ],
  },
  {
    name: 'generation-not-raised',
    why: 'Generations are counted by the controller that leaves, so the next one gives orders under the same number.',
    expected: 'S8',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'Math.max(...syncs.map(({ generation }) => generation)) + 1;',
        to: 'Math.max(...syncs.map(({ generation }) => generation));',
      },
    ],
  },
  {
    name: 'stale-orders-obeyed',
    why: 'An order is obeyed whoever gave it and however long ago: the executor only looks whether it is meant.',
    expected: 'S8',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: "if (!view.complete || message.generation !== view.generation)\n        return note(draft, 'warn', `refused '",
        to: "if (!view.complete)\n        return note(draft, 'warn', `refused '",
      },
    ],
  },
  {
    name: 'waiting-orders-kept',
    why: 'What waited in the executor when the controller changed is begun all the same, on top of the new plan.',
    expected: 'S8',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'executor: { ...draft.state.executor, queue: [] },',
        to: 'executor: { ...draft.state.executor },',
      },
      {
        file: 'controller/exchange.ts',
        from: "work.kind === 'monitor' ? [] : [flightOf(work.action)],",
        to: "work.kind === 'monitor' ? [] : [flightOf(work.action)], // and what waits is not told",
      },
    ],
  },
  {
    name: 'wait-for-all-forgotten',
    why: 'A node that has just booted goes on with what its disk says, though the other one may have gone further.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: '  syncs.some(({ synchronised, mayActAlone }) => synchronised || mayActAlone) ||',
        to: '  syncs.length > 0 ||',
      },
    ],
  },
  {
    name: 'quorum-ignored',
    why: 'Two nodes are held to have quorum always, so nobody asks Corosync, nor the other node after a boot.',
    expected: 'S3',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: '  syncs.some(({ synchronised, mayActAlone }) => synchronised || mayActAlone) ||',
        to: '  syncs.length > 0 ||',
      },
      {
        file: 'controller/merged-status.ts',
        from: 'return { quorate: state.ring.quorate === true, nodes: Object.fromEntries(nodes) };',
        to: 'return { quorate: true, nodes: Object.fromEntries(nodes) };',
      },
      {
        file: 'controller/membership.ts',
        from: 'const isNew = quorate !== undefined && quorate !== draft.state.status.quorate;',
        to: 'const isNew = quorate === true && quorate !== draft.state.status.quorate;',
      },
    ],
  },
  {
    name: 'cold-start-trusted',
    why: 'After a restart of the engine the node that is not there is believed to be as it was, or off.',
    expected: 'S2',
    edits: [
      {
        file: 'controller/merged-status.ts',
        from: "state === 'offline' || state === 'lost' ? state : inRing ? 'engine-gone' : 'lost';",
        to: "state === 'offline' || state === 'lost' ? state : inRing ? 'engine-gone' : 'offline';",
      },
    ],
  },
  {
    name: 'returned-node-believed',
    why: 'What ran on a node before it was switched off is still believed of it when it comes back.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/merged-status.ts',
        from: 'instances: own.synchronised ? (mine?.instances ?? {}) : {},',
        to: 'instances: { ...known?.instances, ...mine?.instances },',
      },
      {
        file: 'fencing/fencing.ts',
        from: 'fenceWanted: undefined,\n    instances: {},',
        to: 'fenceWanted: undefined,',
      },
    ],
  },
  {
    name: 'peers-word-believed',
    why: 'What the other node remembers of this one counts more than what this one sees of itself.',
    expected: 'S5',
    edits: [
      {
        file: 'controller/merged-status.ts',
        from: 'instances: own.synchronised ? (mine?.instances ?? {}) : {},',
        to: 'instances: known?.instances ?? mine?.instances ?? {},',
      },
    ],
  },
  {
    name: 'boot-not-looked-at',
    why: 'A node that rebooted faster than anybody noticed is taken for one that was never away.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/merged-status.ts',
        from: "const returned = (before !== undefined && before !== own.boot) || known?.state === 'offline';",
        to: "const returned = before !== before || known?.state === 'offline';",
      },
    ],
  },
  {
    name: 'deferred-messages-lost',
    why: 'What is told while the engines exchange their state is dropped, since they tell everything anyway.',
    expected: 'memory',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: 'if (draft.state.view.complete) hearDeferred(draft, deferred);',
        to: 'if (draft.state.view.complete) hearDeferred(draft, deferred.slice(0, 0));',
      },
    ],
  },
  {
    name: 'heard-in-between',
    why: 'Messages are heard as they come, before the engines of a new view agree on where they stand.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: '  if (!isOfExchange(message))\n    return change(',
        to: '  if (!isOfExchange(message)) return hearMessage(draft, from, envelope);\n  if (deferred.length < 0)\n    return change(',
      },
      { file: 'controller/configuration.ts', from: 'invariant(view.complete,', to: 'invariant(true,' },
      // Nothing is changed while somebody is still joining, which would hide it.
      {
        file: 'controller/configuration.ts',
        from: "node.state !== 'online' && node.state !== 'offline',",
        to: "node.state !== 'online' && node.state !== 'offline' && node.state !== 'joining',",
      },
    ],
  },
  {
    name: 'last-words-lost',
    why: 'What was told in a view that ended before it was complete is forgotten with it.',
    expected: 'memory',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: 'if (problem === undefined) absorbMessage(draft, envelope.message);',
        to: 'if (problem === undefined) void absorbMessage;',
      },
    ],
  },
  {
    name: 'deaf-but-sure',
    why: 'An engine whose Corosync crashed and came back goes on as if it had heard everything meanwhile.',
    expected: 'known',
    edits: [
      {
        file: 'controller/transport.ts',
        from: 'wasSynchronised: false,',
        to: 'wasSynchronised: draft.state.wasSynchronised,',
      },
      {
        file: 'controller/transport.ts',
        from: 'mayActAlone: false,',
        to: 'mayActAlone: draft.state.mayActAlone,',
      },
    ],
  },
  {
    name: 'seniority-of-ones-own',
    why: 'Whoever was there before believes itself the senior one, and after a partition both were.',
    expected: 'S8',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'const senior = syncs.find(({ synchronised }) => synchronised) ?? syncs[0];',
        to: 'const senior =\n    syncs.find(({ node, synchronised }) => synchronised && node === state.self) ??\n    syncs.find(({ synchronised }) => synchronised) ??\n    syncs[0];',
      },
    ],
  },
  {
    name: 'one-answer-too-many',
    why: 'The first state that a node tells counts, for whichever view and even for itself; another one is a repetition, and ignored.',
    expected: 'memory',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: "  if (message.kind === 'sync' && message.view !== draft.state.view.name) return;\n",
        to: '',
      },
      {
        file: 'controller/exchange.ts',
        from: '  if (!allAgree(view)) return agree(draft, syncs);\n',
        to: '',
      },
      {
        file: 'controller/exchange.ts',
        from: ' || !allAgree(view)) return;',
        to: ') return;',
      },
      {
        file: 'controller/merged-status.ts',
        from: 'const mine = bestInformed(state, own, syncs).nodes[own.node];',
        to: 'const mine = own.nodes[own.node];',
      },
      {
        file: 'controller/exchange.ts',
        from: 'if (view.complete) return exchange(draft);',
        to: 'if (view.complete) return;',
      },
    ],
  },
  {
    name: 'old-views-answers',
    why: 'States that were told for the view before are counted for this one, so it is complete before it is.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'view: { ...draft.state.view, ...nothingTold },',
        to: 'view: { ...draft.state.view, complete: false, controller: undefined },',
      },
    ],
  },
  {
    name: 'quorum-of-the-old-ring',
    why: 'The quorum of the last ring is believed until that of the new one is told.',
    expected: 'S3',
    edits: [
      {
        file: 'controller/membership.ts',
        from: 'sequence === ring.sequence ? ring.quorate : undefined;',
        to: 'sequence === ring.sequence ? ring.quorate : ring.quorate;',
      },
      {
        file: 'controller/membership.ts',
        from: 'quorate: isQuorumDoubtful(state, event) ? undefined : state.ring.quorate },',
        to: 'quorate: isQuorumDoubtful(state, event) ? state.ring.quorate : state.ring.quorate },',
      },
    ],
  },
];
