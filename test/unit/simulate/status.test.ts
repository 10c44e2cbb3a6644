import { expect, test } from 'vitest';
import { remarks } from '../../../src/simulate/index.ts';
import { unpack } from '../../../src/engine/scheduler/unpack/unpack.ts';
import { read, status } from './world.ts';

const ran = (id: string, operation: string, code: number, interval = 0): string => `
  <lrm_resource id="${id}" class="ocf" provider="keelson" type="any">
    <lrm_rsc_op id="${id}_last_0" operation_key="${id}_${operation}_${interval}" operation="${operation}"
      call-id="5" rc-code="${code}" op-status="0" interval="${interval}" on_node="alpha"
      transition-key="1:1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
      transition-magic="0:${code};1:1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"/>
  </lrm_resource>`;

const primitive = (id: string, meta = ''): string => `
  <primitive id="${id}" class="ocf" provider="keelson" type="any">
    <meta_attributes id="${id}-meta">${meta}</meta_attributes>
  </primitive>`;

const pair = (id: string, name: string, value: string): string =>
  `<nvpair id="${id}" name="${name}" value="${value}"/>`;

const ODD = `
<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" have-quorum="1">
  <configuration>
    <crm_config>
      <cluster_property_set id="options">${pair('fencing', 'stonith-enabled', 'false')}</cluster_property_set>
    </crm_config>
    <nodes>
      <node id="1" uname="alpha">
        <instance_attributes id="nodes-1">${pair('standby', 'standby', 'on')}</instance_attributes>
      </node>
      <node id="2" uname="beta"/>
    </nodes>
    <resources>
      ${primitive('unmanaged', pair('u', 'is-managed', 'false'))}
      ${primitive('disabled', pair('d', 'target-role', 'Stopped'))}
      ${primitive('missing')}
      <group id="pair">${primitive('failed')}${primitive('second')}</group>
      <clone id="unique-clone">
        <meta_attributes id="unique-clone-meta">${pair('q', 'globally-unique', 'true')}</meta_attributes>
        ${primitive('unique')}
      </clone>
    </resources>
    <constraints/>
  </configuration>
  <status>
    <node_state id="1" uname="alpha" in_ccm="true" crmd="online" join="member" expected="member">
      <lrm id="1"><lrm_resources>
        ${ran('unmanaged', 'start', 0)}
        ${ran('missing', 'monitor', 5)}
        ${ran('failed', 'stop', 1)}
        ${ran('orphan', 'start', 0)}
        ${ran('unique:1', 'start', 0)}
      </lrm_resources></lrm>
    </node_state>
  </status>
</cib>`;

test('whatever is out of the ordinary is told', () =>
  expect(status(read(ODD)).map((line) => line.trimEnd())).toEqual([
    '  * Node List:',
    '    * Node alpha: standby (with active resources)',
    '    * OFFLINE: [ beta ]',
    '',
    '  * Full List of Resources:',
    '    * unmanaged\t(ocf:keelson:any):\t Started alpha (unmanaged)',
    '    * disabled\t(ocf:keelson:any):\t Stopped (disabled)',
    '    * missing\t(ocf:keelson:any):\t Stopped (not installed)',
    '    * Resource Group: pair:',
    '      * failed\t(ocf:keelson:any):\t FAILED alpha (blocked)',
    '      * second\t(ocf:keelson:any):\t Stopped',
    '    * Clone Set: unique-clone [unique] (unique):',
    '      * unique:0\t(ocf:keelson:any):\t Stopped',
    '      * unique:1\t(ocf:keelson:any):\t Started alpha',
    '    * orphan\t(ocf:keelson:any):\t ORPHANED Started alpha',
  ]));

test('and before it, how much is kept down', () =>
  expect(remarks(unpack(read(ODD)))).toEqual([
    '1 of 8 resource instances DISABLED and 1 BLOCKED from further action due to failure',
  ]));
