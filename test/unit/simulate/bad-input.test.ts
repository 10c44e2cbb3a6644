import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../../src/engine/scheduler/graph/findings.ts';
import { schedule } from '../../../src/engine/scheduler/schedule.ts';
import { readCib, writeCib } from '../../../src/formats/cib/index.ts';
import { findingCodes } from '../../../src/model/index.ts';
import { summaryLines } from '../../../src/simulate/index.ts';
import { read, SAN, settle } from './world.ts';

/** A cluster in which everything runs well, as text, and again after something in it was spoiled. */
const serving = settle(read(SAN)).next;
const text = writeCib(serving.document);

const afterwards = (spoil: (text: string) => string) => {
  const spoiled = spoil(text);
  if (spoiled === text) throw new Error('nothing was spoiled');
  const result = readCib(spoiled);
  if (!result.ok) throw new Error(result.finding.message);
  const transition = schedule({ ...serving, document: result.document });
  const findings = [...result.findings, ...findingsOf(transition)];
  return {
    findings: findings.map(({ code, place }) => `${code} ${place}`),
    changes: summaryLines(transition).map((line) => line.trim().split(/ +/).slice(1, 3).join(' ')),
  };
};

const into = (part: string, xml: string) => (cib: string) => cib.replace(`</${part}>`, `${xml}</${part}>`);
const constraint = (xml: string) => into('constraints', xml);
const diskMeta = (name: string, value: string) => (cib: string) =>
  cib.replace(
    '<nvpair id="disk-promotable"',
    `<nvpair id="spoiled" name="${name}" value="${value}"/><nvpair id="disk-promotable"`,
  );
const record = (fields: string) =>
  into(
    'lrm_resource',
    `<lrm_rsc_op id="spoiled" operation_key="x" transition-key="1:1:0:a" call-id="99" interval="0" ${fields}/>`,
  );

test('the cluster runs well before', () => {
  const transition = schedule(serving);
  expect([findingsOf(transition), summaryLines(transition)]).toEqual([[], []]);
});

describe('a finding names the place, and nothing that runs is stopped', () => {
  test.each<[string, (cib: string) => string, string]>([
    [
      'a location on a node that does not exist',
      constraint('<rsc_location id="bad" rsc="export" node="gamma" score="INFINITY"/>'),
      "unknown_reference constraint 'bad'",
    ],
    [
      'a location of a resource that does not exist',
      constraint('<rsc_location id="bad" rsc="nothing" node="alpha" score="INFINITY"/>'),
      "unknown_reference constraint 'bad'",
    ],
    [
      'a colocation with what does not exist',
      constraint('<rsc_colocation id="bad" rsc="export" with-rsc="nothing" score="INFINITY"/>'),
      "unknown_reference constraint 'bad'",
    ],
    [
      'an order after what does not exist',
      constraint('<rsc_order id="bad" first="nothing" then="export"/>'),
      "unknown_reference order 'bad'",
    ],
    [
      'a ticket for what does not exist',
      constraint('<rsc_ticket id="bad" rsc="nothing" ticket="t"/>'),
      "unknown_reference constraint 'bad'",
    ],
    [
      'a tag of what does not exist',
      into('configuration', '<tags><tag id="bad"><obj_ref id="nothing"/></tag></tags>'),
      "unknown_reference tag 'bad'",
    ],
    [
      'a fencing level of a device that does not exist',
      into(
        'configuration',
        '<fencing-topology><fencing-level id="bad" target="alpha" index="1" devices="nothing"/></fencing-topology>',
      ),
      "unknown_reference fencing level 'bad'",
    ],
    [
      'a template that does not exist',
      into('resources', '<primitive id="lost" template="nothing"/>'),
      "invalid_resource resource 'lost'",
    ],
    [
      'orders in a circle',
      constraint('<rsc_order id="bad" first="export" then="disk-clone" then-action="promote"/>'),
      "order_cycle order 'bad'",
    ],
    [
      'an order against that of a group',
      constraint('<rsc_order id="bad" first="target" then="volume"/>'),
      "order_cycle order 'bad'",
    ],
    [
      'two resources with one id',
      into('resources', '<primitive id="volume" class="ocf" provider="x" type="other"/>'),
      "duplicate_id resource 'volume'",
    ],
    [
      'two constraints with one id',
      constraint('<rsc_location id="together" rsc="export" node="alpha" score="-INFINITY"/>'),
      "duplicate_id constraint 'together'",
    ],
    ['two nodes with one name', into('nodes', '<node id="3" uname="alpha"/>'), "duplicate_id node 'alpha'"],
    [
      'two monitors that cannot be told apart',
      (cib) => cib.replace('interval="20s"', 'interval="10s"'),
      "duplicate_id resource 'disk' operation 'monitor'",
    ],
    [
      'infinite scores for and against a node where it is not',
      constraint(
        '<rsc_location id="yes" rsc="power" node="beta" score="INFINITY"/><rsc_location id="no" rsc="power" node="beta" score="-INFINITY"/>',
      ),
      "contradictory_scores constraint 'yes'",
    ],
    [
      'a score that is no number',
      constraint('<rsc_location id="bad" rsc="power" node="beta" score="plenty"/>'),
      "bad_value constraint 'bad' score",
    ],
    [
      'a score beyond infinity',
      constraint('<rsc_location id="bad" rsc="power" node="alpha" score="99999999"/>'),
      "number_out_of_range constraint 'bad' score",
    ],
    [
      'half a billion instances',
      diskMeta('clone-max', '500000000'),
      "number_out_of_range resource 'disk-clone' clone-max",
    ],
    [
      'fewer instances than none',
      diskMeta('clone-max', '-3'),
      "number_out_of_range resource 'disk-clone' clone-max",
    ],
    ['many instances', diskMeta('clone-max', 'many'), "bad_value resource 'disk-clone' clone-max"],
    ['a priority with an exponent', diskMeta('priority', '1e99'), "bad_value resource 'disk-clone' priority"],
    [
      'fewer failures than none',
      diskMeta('migration-threshold', '-9'),
      "number_out_of_range resource 'disk-clone' migration-threshold",
    ],
    [
      'an unknown target-role',
      diskMeta('target-role', 'Asleep'),
      "bad_value resource 'disk-clone' target-role",
    ],
    [
      'an interval of ages',
      (cib) => cib.replace('interval="20s"', 'interval="99999999999999999999s"'),
      "number_out_of_range resource 'disk' operation 'monitor' interval",
    ],
    [
      'a timeout that is none',
      (cib) => cib.replace('interval="20s"', 'interval="20s" timeout="never"'),
      "bad_value resource 'disk' operation 'monitor' timeout",
    ],
    [
      'a cluster property that is none of its values',
      (cib) => cib.replace('name="no-quorum-policy" value="stop"', 'name="no-quorum-policy" value="perhaps"'),
      "bad_value property 'no-quorum-policy'",
    ],
    [
      'a rule that compares nothing',
      constraint(
        '<rsc_location id="bad" rsc="power"><rule id="r" score="-INFINITY"><expression id="e" attribute="x" operation="resembles" value="1"/></rule></rsc_location>',
      ),
      "bad_value constraint 'bad' rule 'r'",
    ],
    [
      'a date that is none',
      constraint(
        '<rsc_location id="bad" rsc="power"><rule id="r" score="-INFINITY"><date_expression id="e" operation="gt" start="yesterday"/></rule></rsc_location>',
      ),
      "bad_value constraint 'bad' rule 'r'",
    ],
    [
      'a history of a newer feature set',
      (cib) => cib.replace(/(<lrm_rsc_op [^>]*)crm_feature_set="3.16.1"/, '$1crm_feature_set="9.9.9"'),
      "unknown_feature_set history of node 'alpha'",
    ],
    [
      'a cluster of a newer feature set',
      (cib) => cib.replace('crm_feature_set="3.16.1"', 'crm_feature_set="9.9.9"'),
      'unknown_feature_set cib crm_feature_set',
    ],
    [
      'an unknown operation that failed',
      record('operation="juggle" rc-code="1" op-status="4"'),
      "unknown_operation history of 'power' on 'alpha' operation 'spoiled'",
    ],
    [
      'an operation in the definition that nobody knows',
      (cib) => cib.replace('name="monitor" interval="20s"', 'name="juggle" interval="20s"'),
      "unknown_operation resource 'disk' operation 'juggle'",
    ],
    [
      'an exit code that is no number',
      record('operation="monitor" rc-code="x" op-status="0"'),
      "bad_value history of 'power' on 'alpha' operation 'spoiled'",
    ],
    [
      'a history of a node that is gone',
      into('status', '<node_state id="9" uname="zeta"/>'),
      "unknown_reference node_state '9'",
    ],
    ['an element that nobody knows', into('resources', '<bundle id="b"/>'), "unknown_element bundle 'b'"],
    [
      'a primitive without an agent',
      into('resources', '<primitive id="b" type="x"/>'),
      "missing_field primitive 'b'",
    ],
  ])('%s', (_name, spoil, finding) => {
    const { findings, changes } = afterwards(spoil);
    expect(findings).toContain(finding);
    expect(changes).toEqual([]);
  });
});

test('what must and must not be with another one runs nowhere; the rest goes on', () => {
  const { findings, changes } = afterwards(
    constraint(
      '<rsc_colocation id="y" rsc="power" with-rsc="export" score="INFINITY"/><rsc_colocation id="n" rsc="power" with-rsc="export" score="-INFINITY"/>',
    ),
  );
  expect(findings).toEqual(["contradictory_scores constraint 'n'"]);
  expect(changes).toEqual(['Stop power']);
});

test('every code is told in words', () => {
  for (const [code, meaning] of Object.entries(findingCodes))
    expect([code, meaning]).toEqual([code, expect.stringMatching(/\.$/)]);
});
