import { createHash } from 'node:crypto';

import { schedule, type Transition } from '../../../../src/engine/scheduler/index.ts';
import { readCib } from '../../../../src/formats/cib/index.ts';

/** A cluster of `north` and `south`, told in CIB XML where it differs from a plain one. */
export interface Cluster {
  /** Cluster properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Inside `<resources>`. */
  readonly resources: string;
  /** Inside `<constraints>`. */
  readonly constraints?: string;
  /** Memory of each node, for `placement-strategy`. */
  readonly memory?: number;
  /** Recorded operations by node, inside `<lrm_resources>`. */
  readonly history?: Readonly<Record<string, string>>;
  /** Transient attributes by node. */
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Nodes that fell silent; the others are online. */
  readonly lost?: readonly string[];
}

const NODES = ['north', 'south'];

/** The text `crm_simulate` reads too, so that expectations can be compared with it. */
export function cibText(cluster: Cluster): string {
  const properties = { 'stonith-enabled': 'false', ...cluster.properties };
  return `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0"
  have-quorum="1" dc-uuid="south">
  <configuration>
    <crm_config><cluster_property_set id="properties">${pairs('property', properties)}</cluster_property_set></crm_config>
    <nodes>${NODES.map((name) => node(cluster, name)).join('')}</nodes>
    <resources>${cluster.resources}</resources>
    <constraints>${cluster.constraints ?? ''}</constraints>
  </configuration>
  <status>${NODES.map((name) => nodeState(cluster, name)).join('\n')}</status>
</cib>`;
}

export function scheduleCluster(cluster: Cluster): Transition {
  const read = readCib(cibText(cluster));
  if (!read.ok) throw new Error(read.finding.message);
  return schedule({
    document: read.document,
    now: 1_700_000_000,
    utcOffset: 0,
    md5: (text) => createHash('md5').update(text).digest('hex'),
    withScores: false,
  });
}

/** An operation that went well, in the form a node records it. */
export function recorded(resource: string, agent: string, operation: string, code = '0'): string {
  return `<lrm_resource id="${resource}" ${agent}><lrm_rsc_op id="${resource}_last_0" operation_key="${resource}_${operation}_0"
    operation="${operation}" crm_feature_set="3.16.1" transition-key="1:1:${code}:00000000-0000-0000-0000-000000000000"
    transition-magic="0:${code};1:1:${code}:00000000-0000-0000-0000-000000000000" exit-reason="" call-id="5"
    rc-code="${code}" op-status="0" interval="0" last-rc-change="1699990000"
    op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource>`;
}

function node(cluster: Cluster, name: string): string {
  const memory = { memory: String(cluster.memory ?? 0) };
  return `<node id="${name}" uname="${name}"><utilization id="u-${name}">${pairs(`u-${name}`, memory)}</utilization></node>`;
}

function nodeState(cluster: Cluster, name: string): string {
  const isLost = cluster.lost?.includes(name) === true;
  const state = isLost
    ? 'in_ccm="false" crmd="offline" join="down" expected="member"'
    : 'in_ccm="true" crmd="online" join="member" expected="member"';
  return `<node_state id="${name}" uname="${name}" ${state}>
    <transient_attributes id="${name}"><instance_attributes id="transient-${name}">${pairs(name, cluster.attributes?.[name] ?? {})}</instance_attributes></transient_attributes>
    <lrm id="${name}"><lrm_resources>${cluster.history?.[name] ?? ''}</lrm_resources></lrm></node_state>`;
}

function pairs(prefix: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<nvpair id="${prefix}-${name}" name="${name}" value="${value}"/>`)
    .join('');
}
