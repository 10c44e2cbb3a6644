import { describe, expect, it } from 'vitest';
import { readCib, writeCib } from '../../../src/formats/cib/index.ts';
import { readCrm, writeCrm } from '../../../src/formats/crm/index.ts';

const read = (text: string) => {
  const result = readCrm(text);
  if (!result.ok) throw new Error(`${result.finding.place}: ${result.finding.message}`);
  return result.document;
};

const mistake = (text: string) => {
  const result = readCrm(text);
  if (result.ok) throw new Error('it was taken');
  return result.finding;
};

/** A mirror, its volume group, a target with two LUNs and an address, as an administrator writes it. */
const SAN = `node 1: san-a attributes standby=off
node 2: san-b
# the mirror
primitive drbd_r0 ocf:linbit:drbd \\
    params drbd_resource=r0 \\
    op monitor interval=10s role=Promoted \\
    op monitor interval=30s role=Unpromoted OCF_CHECK_LEVEL=10
primitive vg ocf:heartbeat:LVM-activate vgname="san one"
primitive lun1 ocf:heartbeat:iSCSILogicalUnit params rule #uname eq san-a lun=1 meta target-role=Started
primitive lun2 iSCSILogicalUnit params 3: lun=2
primitive address IPaddr2 ip=10.0.0.1
group stack vg lun1 lun2 address meta resource-stickiness=200
clone ms_r0 drbd_r0 meta promotable=true notify=true
location prefer stack 100: san-a
location net stack rule $role=Started -inf: not_defined pingd or pingd number:lte 0
location hours stack rule 5: date spec hours=9-16 weekdays=1-5
colocation with_mirror inf: stack ms_r0:Promoted
order mirror_first Mandatory: ms_r0:promote stack:start symmetrical=false
order parallel Optional: vg ( lun1 lun2 ) address
order either inf: [ lun1 lun2 sequential=true ] address
fencing_topology san-a: ipmi-a pdu-1,pdu-2 san-b: ipmi-b
tag things: vg lun1
property cib-bootstrap-options: \\
    stonith-enabled=true
rsc_defaults resource-stickiness=1
`;

describe('the crm shell’s syntax', () => {
  it('says what an administrator means by it', () => {
    const { configuration } = read(SAN);
    expect(configuration.resources.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'group stack',
      'clone ms_r0',
    ]);
    const [stack, mirror] = configuration.resources;
    expect(stack?.kind === 'group' && stack.members.map(({ agent }) => agent?.type)).toEqual([
      'LVM-activate',
      'iSCSILogicalUnit',
      'iSCSILogicalUnit',
      'IPaddr2',
    ]);
    const drbd = mirror?.kind === 'clone' && mirror.child.kind === 'primitive' ? mirror.child : undefined;
    expect(drbd?.operations[1]).toMatchObject({
      fields: { name: 'monitor', interval: '30s', role: 'Unpromoted' },
      parameters: [{ pairs: [{ name: 'OCF_CHECK_LEVEL', value: '10' }] }],
    });
    const fields = Object.fromEntries(configuration.constraints.map(({ id, fields: found }) => [id, found]));
    expect(fields).toMatchObject({
      prefer: { rsc: 'stack', node: 'san-a', score: '100' },
      with_mirror: { rsc: 'stack', 'with-rsc': 'ms_r0', 'with-rsc-role': 'Promoted', score: 'INFINITY' },
      mirror_first: {
        first: 'ms_r0',
        'first-action': 'promote',
        then: 'stack',
        kind: 'Mandatory',
        symmetrical: 'false',
      },
    });
    expect(configuration.constraints.find(({ id }) => id === 'either')?.sets[0]).toMatchObject({
      fields: { 'require-all': 'false' },
      resources: ['lun1', 'lun2'],
    });
    expect(configuration.fencingLevels).toMatchObject([
      { target: 'san-a', index: '1', devices: ['ipmi-a'] },
      { target: 'san-a', index: '2', devices: ['pdu-1', 'pdu-2'] },
      { target: 'san-b', index: '1', devices: ['ipmi-b'] },
    ]);
  });

  it('is written again as it was read, and survives the way through XML', () => {
    const document = read(SAN);
    const again = read(writeCrm(document.configuration, { isExact: true }));
    expect(again.configuration).toEqual(document.configuration);
    const cib = readCib(writeCib(document));
    expect(cib.ok && writeCrm(cib.document.configuration)).toBe(writeCrm(document.configuration));
    expect(writeCrm(document.configuration)).not.toContain('xml');
  });

  it('keeps what it has no words for as XML', () => {
    const result = readCib(
      `<cib><configuration><resources><primitive id="a" class="lsb" type="x"/></resources><constraints>
       <rsc_location id="l" rsc="a"><rule id="r" score="1"><rule id="inner"><expression id="e" attribute="x" operation="defined"/></rule></rule></rsc_location>
       </constraints><alerts><alert id="al" path="/bin/x"/></alerts></configuration></cib>`,
    );
    if (!result.ok) throw new Error(result.finding.message);
    const text = writeCrm(result.document.configuration);
    expect(text).toContain('xml <rsc_location');
    expect(read(text).configuration).toEqual(result.document.configuration);
  });

  it('names the place of a mistake and takes nothing of the text', () => {
    expect(mistake('primitive a Dummy\nprimitve b Dummy')).toMatchObject({
      line: 2,
      column: 1,
      code: 'syntax_error',
    });
    expect(mistake('primitive a Dummy \\\n  meta x="1')).toMatchObject({ line: 2 });
    expect(mistake('group g a').message).toContain("no resource 'a'");
    expect(mistake('order o Sometimes: a b').message).toContain('Mandatory, Optional, Serialize');
    expect(mistake('colocation c inf: ( a b').message).toContain('not closed');
    expect(mistake('colocation c a b').message).toContain('score');
    expect(mistake('location l a rule 5: x near y')).toMatchObject({ line: 1, column: 24 });
    expect(mistake('location l a rule 5: x eq 1 and y eq 2 or z eq 3').message).toContain('mixed');
    expect(mistake('primitive a Dummy op').message).toContain('operation');
    expect(mistake('xml <primitive id="a"').message).toContain('XML');
  });
});
