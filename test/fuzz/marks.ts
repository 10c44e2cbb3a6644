import type { HistoryEntry, NodeHistory, ResourceHistory } from '../../src/model/index.ts';
import type { Mark } from './cluster.ts';

/** The histories as the marks leave them; a mark for which there is nothing to change changes nothing. */
export function marked(
  nodes: readonly NodeHistory[],
  marks: readonly Mark[],
  now: number,
): readonly NodeHistory[] {
  return marks.reduce((changed, mark) => withMark(changed, mark, now), nodes);
}

function withMark(nodes: readonly NodeHistory[], mark: Mark, now: number): readonly NodeHistory[] {
  switch (mark.kind) {
    case 'membership':
      return changeNode(nodes, mark.node, (node) => ({
        ...node,
        fields: { ...node.fields, ...mark.fields },
      }));
    case 'pending':
      return changeEntries(nodes, mark, (entry, isNewest) =>
        isNewest ? withFields(entry, { 'rc-code': '193', 'op-status': '-1' }) : entry,
      );
    case 'forgotten':
      return changeResources(nodes, mark.node, (known) =>
        known.filter((resource) => !isOf(resource, mark.resource)),
      );
    case 'doubled': {
      const found = nodes
        .find(({ uname }) => uname === mark.node)
        ?.resources?.find((resource) => isOf(resource, mark.resource));
      if (found === undefined) return nodes;
      return changeResources(nodes, mark.other, (known) => [
        ...known.filter((resource) => !isOf(resource, mark.resource)),
        found,
      ]);
    }
    case 'changed':
      return changeEntries(nodes, mark, (entry) =>
        entry.fields['op-digest'] === undefined
          ? entry
          : withFields(entry, {
              'op-digest': '0123456789abcdef0123456789abcdef',
              ...(mark.reloads ? RELOADABLE : {}),
            }),
      );
    case 'aged':
      return changeEntries(nodes, mark, (entry) =>
        withFields(entry, { 'last-rc-change': String(now - mark.seconds) }),
      );
  }
}

/** No parameter of any name that is used here needs a restart: what is compared is empty. */
const RELOADABLE = {
  'op-force-restart': ' device ',
  'op-restart-digest': 'f2317cad3d54cec5d7d7aa7d0bf35cf8',
};

/** Instances of an anonymous clone may be known by their number. */
const isOf = ({ id }: ResourceHistory, resource: string): boolean =>
  id === resource || id.startsWith(`${resource}:`);

const withFields = (entry: HistoryEntry, fields: Readonly<Record<string, string>>): HistoryEntry => ({
  ...entry,
  fields: { ...entry.fields, ...fields },
});

const changeNode = (
  nodes: readonly NodeHistory[],
  name: string,
  change: (node: NodeHistory) => NodeHistory,
): readonly NodeHistory[] => nodes.map((node) => (node.uname === name ? change(node) : node));

const changeResources = (
  nodes: readonly NodeHistory[],
  name: string,
  change: (resources: readonly ResourceHistory[]) => readonly ResourceHistory[],
): readonly NodeHistory[] =>
  changeNode(nodes, name, (node) => ({ ...node, resources: change(node.resources ?? []) }));

function changeEntries(
  nodes: readonly NodeHistory[],
  { node, resource }: { readonly node: string; readonly resource: string },
  change: (entry: HistoryEntry, isNewest: boolean) => HistoryEntry,
): readonly NodeHistory[] {
  const callOf = ({ fields }: HistoryEntry): number => Number(fields['call-id'] ?? 0);
  return changeResources(nodes, node, (known) =>
    known.map((history) => {
      if (!isOf(history, resource)) return history;
      const newest = Math.max(...history.operations.map(callOf));
      return {
        ...history,
        operations: history.operations.map((entry) => change(entry, callOf(entry) === newest)),
      };
    }),
  );
}
