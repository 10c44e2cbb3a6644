import type { ScheduleInput } from '../input.ts';
import type { Evaluation } from '../rules/evaluation.ts';
import { withUniqueConstraints } from './check-constraints.ts';
import { checkDefinition } from './check.ts';
import type { Draft } from './draft.ts';
import { upgrade } from './legacy.ts';
import { readNodes } from './nodes.ts';
import type { PairContext } from './pairs.ts';
import { createReferences } from './references.ts';
import { readResources } from './resources.ts';
import { readSettings } from './settings.ts';
import { readTags } from './tags.ts';
import { readTickets } from './tickets.ts';

function createDraft(input: ScheduleInput): Draft {
  const written = upgrade(input.document);
  const references = createReferences(written);
  const evaluation: Evaluation = {
    now: input.now,
    utcOffset: input.utcOffset,
    findRule: references.rule,
    dates: new Map(),
    recheckAt: undefined,
  };
  const pairs: PairContext = {
    evaluation,
    references,
    findings: [],
    reported: new Set(),
    sorted: new WeakMap(),
    operations: new WeakMap(),
  };
  const configuration = withUniqueConstraints(pairs, written);
  return {
    input,
    configuration,
    settings: readSettings(pairs, input, configuration),
    nodes: [],
    controller: undefined,
    resources: [],
    all: [],
    histories: [],
    tags: new Map(),
    tickets: new Map(),
    fencingLevels: configuration.fencingLevels,
    parameterChecks: [],
    failureClearings: [],
    failedOperations: [],
    condemned: [],
    requested: [],
    digests: new Map(),
    recheckAt: undefined,
    evaluation,
    pairs,
    sources: new Map(),
    definitions: new Map(),
    templates: new Map(configuration.templates.toReversed().map((template) => [template.id, template])),
    findings: pairs.findings,
  };
}

/** Settings, nodes, resources, tags and tickets: all that is known before the history is read. */
export function readDefinition(input: ScheduleInput): Draft {
  const draft = createDraft(input);
  checkDefinition(draft);
  readNodes(draft);
  readResources(draft);
  readTags(draft);
  readTickets(draft);
  return draft;
}
