import type { PlantedBug } from '../planted-bug.ts';

/** Changes that were acknowledged, and what remains of them. */
export const bugsOfConfiguration: readonly PlantedBug[] = [
  {
    name: 'acknowledged-before-flush',
    why: 'A change is acknowledged when it has been handed to the disk, as databases do with synchronous commits off.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: "draft.effects.push({ kind: 'append', revision: config.revision, hash, entry });",
        to: "draft.effects.push({ kind: 'append', revision: config.revision, hash, entry });\n  change(draft, { config: { ...draft.state.config, stored: { revision: config.revision, hash } } });\n  tellPersisted(draft);",
      },
    ],
  },
  {
    name: 'one-disk-is-enough',
    why: 'A change is acknowledged when the first node has it on its disk.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: 'const onAllDisks = Math.min(...online.map(',
        to: 'const onAllDisks = Math.max(...online.map(',
      },
    ],
  },
  {
    name: 'failed-write-counts',
    why: 'The error of a write is logged and otherwise treated like its success.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: "change(draft, { mayActAlone: false });\n    return timer(draft, 'store-again', STORE_AGAIN);",
        to: "timer(draft, 'store-again', STORE_AGAIN);",
      },
    ],
  },
  {
    name: 'failed-write-not-repeated',
    why: 'After a disk was full for a moment nobody writes down again what it refused.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: "return timer(draft, 'store-again', STORE_AGAIN);",
        to: 'return;',
      },
    ],
  },
  {
    name: 'older-configuration-wins',
    why: 'Of two configurations the one of the node that was there first wins, whatever its age.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'b.changedIn - a.changedIn ||\n      b.revision - a.revision ||',
        to: 'a.changedIn - b.changedIn ||\n      a.revision - b.revision ||',
      },
    ],
  },
  {
    name: 'higher-revision-wins',
    why: 'Revisions are compared without asking in which life of the cluster they were made.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/exchange.ts',
        from: 'b.changedIn - a.changedIn ||\n      b.revision - a.revision ||',
        to: 'b.revision - a.revision ||',
      },
    ],
  },
  {
    name: 'changed-while-in-doubt',
    why: 'Changes are accepted while the other node is gone and may be going on without this one.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: 'if (doubtful !== undefined) return refuse({ ok: false, failure: doubtful });',
        to: '',
      },
      {
        file: 'controller/configuration.ts',
        from: '|| doubtfulNode(state) !== undefined) return 0;',
        to: ') return 0;',
      },
    ],
  },
  {
    name: 'own-quorum-decides',
    why: "Each node applies a change or refuses it by its own word of quorum, which comes beside the messages' order.",
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: 'if (doubtful !== undefined) return refuse({ ok: false, failure: doubtful });',
        to: "if (doubtful !== undefined) return refuse({ ok: false, failure: doubtful });\n  if (draft.state.ring.quorate !== true) return refuse(failed(failure('no_quorum', 'no quorum')));",
      },
      {
        file: 'controller/configuration.ts',
        from: 'if (entry.generation !== view.generation)\n    return refuse',
        to: 'if (entry.generation < 0)\n    return refuse',
      },
    ],
  },
  {
    name: 'old-disk-goes-on-alone',
    why: 'An engine whose disk still has the replaced configuration may go on alone when it is started anew.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: 'change(draft, { mayActAlone: false, config: { ...config, stored, replacing } });',
        to: 'change(draft, { config: { ...config, stored, replacing } });',
      },
      {
        file: 'controller/exchange.ts',
        from: 'mayActAlone: state.mayActAlone || isOnDisk(state.config),',
        to: 'mayActAlone: state.mayActAlone || isOnDisk(state.config) || state.config.hash !== "",',
      },
    ],
  },
  {
    name: 'views-counted-anew',
    why: 'A restarted engine counts its views from the beginning, so what it decides looks older than it is.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/birth.ts',
        from: 'Math.max(config.generation, legacy?.generation ?? 0)',
        to: 'Math.max(config.generation, (legacy?.generation ?? 0) && 0)',
      },
    ],
  },
  {
    name: 'last-views-disks',
    why: 'What was reported to be on disk before the configuration was replaced still counts afterwards.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/delivery.ts',
        from: '      if (message.generation !== view.generation) return;\n',
        to: '',
      },
      {
        file: 'controller/exchange.ts',
        from: 'config: { ...draft.state.config, persisted: {} },',
        to: 'config: { ...draft.state.config },',
      },
      {
        file: 'controller/configuration.ts',
        from: "invariant(hash === config.hash, 'a revision",
        to: "invariant(hash !== '', 'a revision",
      },
    ],
  },
  {
    name: 'done-before-written',
    why: 'A volume is removed for a deletion that is on no disk yet, and that the next power cut undoes.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/plan.ts',
        from: 'durableRevision(draft.state) >= config.current.revision && (last',
        to: 'durableRevision(draft.state) >= -config.current.revision && (last',
      },
    ],
  },
  {
    name: 'lun-number-reused',
    why: 'Numbers are given by counting the LUNs there are, so a new one gets the number of a deleted or a living one.',
    expected: 'S5',
    edits: [
      {
        file: 'config/apply.ts',
        from: 'number: config.nextLunNumber,',
        to: 'number: Object.keys(config.luns).length,',
      },
    ],
  },
  {
    name: 'lun-number-by-place',
    why: 'A LUN is exported under its place in the list, so that every deletion gives hosts another disk.',
    expected: 'S5',
    edits: [
      {
        file: 'blueprint/target.ts',
        from: 'number: lun.number,',
        to: 'number: Object.keys(config.luns).sort().indexOf(lun.name),',
      },
    ],
  },
  {
    name: 'finished-operation-forgotten',
    why: 'Nobody writes down that a LUN came into service when the view changed at the moment it did.',
    expected: 'liveness',
    edits: [
      {
        file: 'controller/upkeep.ts',
        from: '  for (const [name, command] of due(draft)) suggest(draft, name, command);\n',
        to: '  void due;\n',
      },
    ],
  },
  {
    name: 'own-disk-is-enough',
    why: 'A change is acknowledged when it is on the disk of the node that was asked.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: 'const onAllDisks = Math.min(...online.map(',
        to: 'const onAllDisks = Math.min(...[state.self].map(',
      },
    ],
  },
  {
    name: 'acknowledged-from-memory',
    why: 'A change is acknowledged when every node has heard it: one of them will surely write it down.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/requests.ts',
        from: 'waitsFor.revision > durable)',
        to: 'waitsFor.revision > Math.max(durable, draft.state.config.current.revision))',
      },
    ],
  },
  {
    name: 'winner-not-written',
    why: 'The configuration of the other node is taken over in memory, and the disk keeps the one that lost.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: '  replaceOnDisk(draft, loss === undefined',
        to: '  if (hash === undefined) replaceOnDisk(draft, loss === undefined',
      },
    ],
  },
  {
    name: 'stamped-by-each',
    why: 'Each node stamps a change with its own time, and nobody notices while the clocks agree to the second.',
    expected: 'S7',
    edits: [
      {
        file: 'controller/configuration.ts',
        from: '?? apply(config.current, entry);',
        to: '?? apply(config.current, { ...entry, at: draft.now });',
      },
    ],
  },
  {
    name: 'created-once-more',
    why: 'A request that is repeated makes the LUN anew, under a number and a serial of its own.',
    expected: 'S5',
    edits: [
      {
        file: 'config/apply.ts',
        from: 'if (existing !== undefined) return isSameLun(existing, command)',
        to: "if (existing?.state === 'deleting') return isSameLun(existing, command)",
      },
    ],
  },
];
