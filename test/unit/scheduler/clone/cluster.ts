import { readCib } from '../../../../src/formats/cib/index.ts';
import { assign } from '../../../../src/engine/scheduler/assign/assign.ts';
import type { Assigned } from '../../../../src/engine/scheduler/assign/assigned.ts';
import { score } from '../../../../src/engine/scheduler/score/score.ts';
import { unpack } from '../../../../src/engine/scheduler/unpack/unpack.ts';
import { ROLE, type Resource } from '../../../../src/engine/scheduler/unpack/resource.ts';

/** What one node has been doing: the last operation of each resource, and what agents said about promotion. */
export interface NodeStory {
  readonly isStandby?: boolean;
  /** By the name under which the history knows the resource. */
  readonly ran?: Readonly<Record<string, 'start' | 'promote' | 'probe'>>;
  readonly promotionScores?: Readonly<Record<string, string>>;
}

export interface ClusterStory {
  readonly resources: string;
  readonly constraints?: string;
  readonly nodes: Readonly<Record<string, NodeStory>>;
  readonly isQuorate?: boolean;
  readonly properties?: Readonly<Record<string, string>>;
}

/** A primitive, as CIB XML. */
export function primitive(id: string, meta: Readonly<Record<string, string>> = {}): string {
  return `<primitive id="${id}" class="ocf" provider="test" type="Dummy">${metaOf(id, meta)}</primitive>`;
}

/** A clone of one primitive or group, as CIB XML. */
export function clone(id: string, child: string, meta: Readonly<Record<string, string>> = {}): string {
  return `<clone id="${id}">${metaOf(id, meta)}${child}</clone>`;
}

export function group(id: string, ...members: readonly string[]): string {
  return `<group id="${id}">${members.join('')}</group>`;
}

function metaOf(id: string, meta: Readonly<Record<string, string>>): string {
  return `<meta_attributes id="${id}-meta">${pairs(`${id}-meta`, meta)}</meta_attributes>`;
}

function pairs(id: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`)
    .join('');
}

/** Where each instance (and everything else) shall be, and as what: `drbd:0: n1 promoted`. */
export function decide(story: ClusterStory): readonly string[] {
  const assigned = assignAll(story);
  return assigned.scored.unpacked.all
    .filter((resource) => resource.children.length === 0)
    .map((resource) => describeOne(assigned, resource));
}

/** The score that decided about promotion, by instance. */
export function promotionScores(story: ClusterStory): Readonly<Record<string, number | undefined>> {
  const assigned = assignAll(story);
  const promotable = assigned.scored.unpacked.all.filter(({ parent }) => parent?.isPromotable === true);
  return Object.fromEntries(
    promotable.map(({ id, index }) => [id, assigned.assignments[index]?.promotionScore]),
  );
}

function describeOne(assigned: Assigned, resource: Resource): string {
  const assignment = assigned.assignments[resource.index];
  const nextRole = assignment?.nextRole;
  const role = nextRole === ROLE.promoted ? ' promoted' : nextRole === ROLE.unpromoted ? ' unpromoted' : '';
  return `${resource.id}: ${assignment?.node?.name ?? 'nowhere'}${role}`;
}

function assignAll(story: ClusterStory): Assigned {
  const read = readCib(document(story));
  if (!read.ok) throw new Error(read.finding.message);
  return assign(
    score(
      unpack({
        document: read.document,
        now: 1_700_000_000,
        utcOffset: 0,
        md5: () => '',
        withScores: true,
      }),
    ),
  );
}

function document(story: ClusterStory): string {
  const names = Object.keys(story.nodes);
  const properties = { 'stonith-enabled': 'false', ...story.properties };
  return `<cib crm_feature_set="3.16.1" have-quorum="${story.isQuorate === false ? '0' : '1'}"><configuration>
<crm_config><cluster_property_set id="options">${pairs('options', properties)}</cluster_property_set></crm_config>
<nodes>${names.map((name) => `<node id="id-${name}" uname="${name}"/>`).join('')}</nodes>
<resources>${story.resources}</resources><constraints>${story.constraints ?? ''}</constraints></configuration>
<status>${names.map((name) => statusOf(name, story.nodes[name] ?? {})).join('')}</status></cib>`;
}

function statusOf(name: string, story: NodeStory): string {
  const scores = Object.entries(story.promotionScores ?? {});
  const transient: Record<string, string> = story.isStandby === true ? { standby: 'on' } : {};
  for (const [resource, value] of scores) transient[`master-${resource}`] = value;
  const histories = Object.entries(story.ran ?? {}).map(([id, what]) => historyOf(id, what));
  return `<node_state id="id-${name}" uname="${name}" in_ccm="true" crmd="online" join="member" expected="member">
<transient_attributes id="id-${name}"><instance_attributes id="${name}-transient">${pairs(name, transient)}</instance_attributes></transient_attributes>
<lrm id="id-${name}"><lrm_resources>${histories.join('')}</lrm_resources></lrm></node_state>`;
}

function historyOf(id: string, what: 'start' | 'promote' | 'probe'): string {
  const task = what === 'probe' ? 'monitor' : what;
  const exit = what === 'probe' ? '7' : '0';
  const key = `${exit};1:1:${exit}:00000000-0000-0000-0000-000000000000`;
  return `<lrm_resource id="${id}" class="ocf" provider="test" type="Dummy"><lrm_rsc_op id="${id}_last_0" operation_key="${id}_${task}_0" operation="${task}" crm_feature_set="3.16.1" transition-key="${key.slice(2)}" transition-magic="0:${key}" call-id="1" rc-code="${exit}" op-status="0" interval="0"/></lrm_resource>`;
}
