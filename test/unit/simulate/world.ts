import { createHash } from 'node:crypto';
import { readCib } from '../../../src/formats/cib/index.ts';
import type { ScheduleInput } from '../../../src/engine/scheduler/input.ts';
import { schedule } from '../../../src/engine/scheduler/schedule.ts';
import { unpack } from '../../../src/engine/scheduler/unpack/unpack.ts';
import {
  execute,
  executionLines,
  inject,
  parseInjection,
  parseResult,
  statusLines,
  summaryLines,
  type InjectionOption,
  type PretendedFailure,
} from '../../../src/simulate/index.ts';

/** Seconds since 1970 at which every story begins. */
export const BEGINNING = 1_700_000_000;

const primitive = (id: string, type: string): string => `
  <primitive id="${id}" class="ocf" provider="keelson" type="${type}">
    <operations>
      <op id="${id}-monitor" name="monitor" interval="10s"/>
    </operations>
  </primitive>`;

/** Two nodes with fencing: a replicated disk, on its promoted side a volume and a target. Nothing has run yet. */
export const SAN = `
<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" have-quorum="1">
  <configuration>
    <crm_config>
      <cluster_property_set id="options">
        <nvpair id="options-no-quorum-policy" name="no-quorum-policy" value="stop"/>
      </cluster_property_set>
    </crm_config>
    <nodes>
      <node id="1" uname="alpha"/>
      <node id="2" uname="beta"/>
    </nodes>
    <resources>
      <primitive id="power" class="stonith" type="fence_ipmilan"/>
      <clone id="disk-clone">
        <meta_attributes id="disk-meta">
          <nvpair id="disk-promotable" name="promotable" value="true"/>
        </meta_attributes>
        <primitive id="disk" class="ocf" provider="linbit" type="drbd">
          <operations>
            <op id="disk-watch" name="monitor" interval="20s" role="Unpromoted"/>
            <op id="disk-watch-promoted" name="monitor" interval="10s" role="Promoted"/>
          </operations>
        </primitive>
      </clone>
      <group id="export">${primitive('volume', 'lvm')}${primitive('target', 'target')}</group>
    </resources>
    <constraints>
      <rsc_colocation id="together" rsc="export" with-rsc="disk-clone" with-rsc-role="Promoted" score="INFINITY"/>
      <rsc_order id="after" first="disk-clone" first-action="promote" then="export" then-action="start"/>
      <rsc_location id="prefer" rsc="disk-clone">
        <rule id="prefer-rule" role="Promoted" score="100">
          <expression id="prefer-alpha" attribute="#uname" operation="eq" value="alpha"/>
        </rule>
      </rsc_location>
    </constraints>
  </configuration>
  <status>
    <node_state id="1" uname="alpha" in_ccm="true" crmd="online" join="member" expected="member"/>
    <node_state id="2" uname="beta" in_ccm="true" crmd="online" join="member" expected="member"/>
  </status>
</cib>`;

export const read = (text: string): ScheduleInput => {
  const result = readCib(text);
  if (!result.ok) throw new Error(result.finding.message);
  return {
    document: result.document,
    now: BEGINNING,
    utcOffset: 0,
    md5: (what) => createHash('md5').update(what, 'utf8').digest('hex'),
    withScores: false,
  };
};

/** Events as on the command line: `['node-fail', 'alpha']`. */
export const after = (
  input: ScheduleInput,
  ...events: readonly (readonly [InjectionOption, string])[]
): ScheduleInput =>
  events.reduce((before, [option, value]) => {
    const event = parseInjection(option, value);
    if (!event.ok) throw new Error(event.failure.message);
    const next = inject(before, event.value);
    if (!next.ok) throw new Error(next.failure.message);
    return next.value;
  }, input);

const failure = (text: string): PretendedFailure => {
  const result = parseResult(text);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

/** Schedules and carries out once; `failures` as in `volume_start_0@alpha=1`. */
export const settle = (input: ScheduleInput, ...failures: readonly string[]) => {
  const transition = schedule(input);
  const execution = execute(transition, failures.map(failure));
  return {
    summary: summaryLines(transition),
    steps: executionLines(execution),
    outcome: execution.outcome,
    next: { ...input, document: execution.document },
  };
};

export const status = (input: ScheduleInput): string[] => statusLines(unpack(input), false);
