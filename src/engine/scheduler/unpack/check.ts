import type { Configuration, ResourceDefinition } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { checkConstraints } from './check-constraints.ts';
import { checkValues } from './check-values.ts';
import type { Draft } from './draft.ts';
import { report } from './report.ts';

/** Calls `visit` for everything that has an id that others refer to. */
function eachId(
  configuration: Configuration,
  visit: (id: string, kind: string, resource?: ResourceDefinition) => void,
): void {
  for (const { id } of configuration.templates) visit(id, 'template');
  for (const resource of configuration.resources) {
    visit(resource.id, 'resource', resource);
    const inner = resource.kind === 'clone' ? resource.child : resource;
    if (inner !== resource) visit(inner.id, 'resource', inner);
    if (inner.kind === 'group') for (const member of inner.members) visit(member.id, 'resource', member);
  }
  for (const { id } of configuration.constraints) visit(id, 'constraint');
}

/**
 * Reports ids that stand for two things, references to nothing, and values that make no sense. Of two resources with
 * one id, the second one is left out.
 */
export function checkDefinition(draft: Draft): void {
  const { configuration, pairs: reporter } = draft;
  const seen = new Set<string>();
  eachId(configuration, (id, kind, resource) => {
    if (seen.has(id)) {
      if (resource !== undefined) draft.definitions.set(resource, undefined);
      report(reporter, 'duplicate_id', `${kind} '${id}'`, 'Something else has this id; the first one counts');
    }
    seen.add(id);
  });
  for (const { id } of configuration.nodes) seen.add(id);
  for (const { id, references } of configuration.tags) {
    for (const reference of references) {
      if (seen.has(reference)) continue;
      report(reporter, 'unknown_reference', `tag '${id}'`, `Nothing has the id '${reference}'`);
    }
  }
  checkLevels(draft, seen);
  checkValues(reporter, configuration);
  checkConstraints(reporter, configuration);
}

/** Fencing levels for nodes, and of devices, that do not exist. */
function checkLevels({ configuration, pairs: reporter }: Draft, seen: ReadonlySet<string>): void {
  const names = new Set(configuration.nodes.map(({ uname }) => lower(uname)));
  for (const { id, target, devices } of configuration.fencingLevels) {
    const place = `fencing level '${id ?? ''}'`;
    if (target !== undefined && !names.has(lower(target)))
      report(reporter, 'unknown_reference', place, `There is no node '${target}'; it counts for none`);
    for (const device of devices) {
      if (!seen.has(device))
        report(reporter, 'unknown_reference', place, `There is no fence device '${device}'; it is left out`);
    }
  }
}
