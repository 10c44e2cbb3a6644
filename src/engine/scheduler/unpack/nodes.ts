import type { NodeDefinition } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { compareNames, equalsIgnoringCase, parseScore } from '../rules/values.ts';
import type { Draft, DraftNode } from './draft.ts';
import { addNodeAttributes } from './node-attributes.ts';
import type { Node } from './node.ts';
import { addUtilization } from './utilization.ts';
import { report } from './report.ts';

export { addNodeAttributes } from './node-attributes.ts';

/** `normal` is the older word for a member; whatever is not known counts as `ping`, which runs nothing. */
function nodeType(draft: Draft, definition: NodeDefinition): Node['type'] {
  switch (lower(definition.type ?? 'member')) {
    case 'member':
    case 'normal':
      return 'member';
    case 'remote':
      return 'remote';
    case 'ping':
      return 'ping';
    default:
      report(
        draft.pairs,
        'bad_value',
        `node '${definition.uname}'`,
        `The type '${definition.type ?? ''}' is not known; nothing runs on this node`,
      );
      return 'ping';
  }
}

function createNode(draft: Draft, definition: NodeDefinition, index: number): DraftNode {
  const type = nodeType(draft, definition);
  const controllerId = draft.input.document.fields['dc-uuid'];
  return {
    index,
    id: definition.id,
    name: definition.uname,
    type,
    isOnline: false,
    isStandby: false,
    isStandbyOnFail: false,
    isPending: false,
    isUnclean: draft.settings.fencesAtStartup && type !== 'remote',
    isUnseen: true,
    isShuttingDown: false,
    isExpectedUp: false,
    isController: controllerId !== undefined && equalsIgnoringCase(definition.id, controllerId),
    isInMaintenance: false,
    mayDiscover: true,
    isUnpacked: false,
    attributes: new Map([['#kind', type === 'remote' ? 'remote' : 'cluster']]),
    utilization: new Map(),
    running: [],
    score: parseScore(definition.score),
    priority: 0,
    uncleanReasons: [],
  };
}

function withoutDuplicates(draft: Draft): readonly NodeDefinition[] {
  const names = new Set<string>();
  return draft.configuration.nodes.filter(({ uname }) => {
    const isNew = !names.has(lower(uname));
    names.add(lower(uname));
    if (!isNew) {
      report(
        draft.pairs,
        'duplicate_id',
        `node '${uname}'`,
        'Two nodes have this name; the first one counts',
      );
    }
    return isNew;
  });
}

/** The nodes of the definition by name, before anything is known of their state: unclean until they were heard of. */
export function readNodes(draft: Draft): void {
  const definitions = withoutDuplicates(draft).toSorted((left, right) =>
    compareNames(left.uname, right.uname),
  );
  for (const [index, definition] of definitions.entries()) {
    const node = createNode(draft, definition, index);
    draft.nodes.push(node);
    if (node.isController) draft.controller = node;
    addNodeAttributes(draft, node, definition.attributes, false);
    addUtilization(draft.pairs, definition.utilization, `node '${node.name}'`, node.utilization);
  }
}
