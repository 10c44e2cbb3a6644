import type { Configuration, ResourceDefinition } from '../../model/index.ts';
import { writeFragment } from '../cib/index.ts';
import { emptyConfiguration } from './empty.ts';
import { isSame } from './same.ts';
import { constraintLine, levelLine, nodeLine, tagLine } from './write-others.ts';
import { setWords } from './write-pairs.ts';
import { resourceLine } from './write-resources.ts';
import { readCrm } from './read.ts';

/**
 * The configuration in the crm shell's syntax. Each part is read back on the way: what the syntax has no words for
 * (nested rules, ids that nobody would guess) is written as `xml`, as the crm shell does, so that nothing is lost.
 * Ids that nothing can refer to are no reason for that, unless `isExact`.
 */
export function writeCrm(configuration: Configuration, { isExact = false } = {}): string {
  const lines: string[] = [];
  const add = (text: string, part: Partial<Configuration>): void => {
    // A configuration of this one part, to try out whether its line says everything.
    const whole = { ...emptyConfiguration(), ...part };
    const read = readCrm(text);
    lines.push(
      read.ok && isSame(read.document.configuration, whole, isExact)
        ? text.trimEnd()
        : writeFragment(whole)
            .map((fragment) => `xml ${fragment.trimEnd().split('\n').join(' \\\n    ')}`)
            .join('\n'),
    );
  };
  for (const node of configuration.nodes) add(nodeLine(node), { nodes: [node] });
  for (const template of configuration.templates) add(resourceLine(template), { templates: [template] });
  for (const resource of configuration.resources) add(withMembers(resource), { resources: [resource] });
  for (const constraint of configuration.constraints)
    add(constraintLine(constraint), { constraints: [constraint] });
  if (configuration.fencingLevels.length > 0)
    add(levelLine(configuration.fencingLevels), { fencingLevels: configuration.fencingLevels });
  for (const tag of configuration.tags) add(tagLine(tag), { tags: [tag] });
  for (const other of configuration.others) add('', { others: [other] });
  for (const set of configuration.properties)
    add(setWords('property', set, 'cib-bootstrap-options'), { properties: [set] });
  for (const set of configuration.resourceDefaults)
    add(setWords('rsc_defaults', set, 'rsc-options'), { resourceDefaults: [set] });
  for (const set of configuration.operationDefaults)
    add(setWords('op_defaults', set, 'op-options'), { operationDefaults: [set] });
  return lines.map((line) => `${line}\n`).join('');
}

/** What a group or clone is made of is defined before it. */
function withMembers(resource: ResourceDefinition): string {
  switch (resource.kind) {
    case 'primitive':
      return resourceLine(resource);
    case 'group':
      return [...resource.members, resource].map(resourceLine).join('\n');
    case 'clone':
      return `${withMembers(resource.child)}\n${resourceLine(resource)}`;
  }
}
