import { describe, expect, it } from 'vitest';
import { readCib, writeCib } from '../../../src/formats/cib/index.ts';

const cib = (configuration: string, status = ''): string =>
  `<cib epoch="3" have-quorum="1"><configuration>${configuration}</configuration><status>${status}</status></cib>`;

const read = (text: string) => {
  const result = readCib(text);
  if (!result.ok) throw new Error(result.finding.message);
  return result;
};

const finding = (text: string) => {
  const result = readCib(text);
  return result.ok ? undefined : result.finding;
};

describe('a cluster information base', () => {
  it('comes back from its text as it was, every part of it', () => {
    const text = cib(
      `<crm_config><cluster_property_set id="p" score="2"><rule id="r" boolean-op="or" score="INFINITY">
         <expression id="e" attribute="#uname" operation="eq" value="a" type="string" value-source="literal"/>
         <date_expression id="d" operation="date_spec"><date_spec id="s" hours="9-16" weekdays="1-5"/></date_expression>
         <rule id="inner" score-attribute="x" role="Promoted"><op_expression id="o" name="monitor" interval="10s"/></rule>
         <rsc_expression id="x" class="ocf" provider="linbit" type="drbd"/>
       </rule><nvpair id="n" name="no-quorum-policy" value="a &lt; &quot;b&quot;&#10;c"/><nvpair id-ref="n" name="y"/></cluster_property_set></crm_config>
       <nodes><node id="1" uname="a" type="member" description="left"><instance_attributes id="na"><nvpair id="s" name="standby" value="on"/></instance_attributes><utilization id="u"><nvpair id="c" name="cpu" value="4"/></utilization></node></nodes>
       <resources><template id="t" class="ocf" provider="x" type="y"/><primitive id="q" template="t"><operations id="ops"><op id="m" name="monitor" interval="10s" on-fail="fence"><meta_attributes id="om"/></op></operations></primitive>
       <clone id="c"><meta_attributes id="cm"><nvpair id="p" name="promotable" value="true"/></meta_attributes><group id="g"><primitive id="w" class="systemd" type="nfs"/></group></clone><master id="old"><primitive id="z" class="lsb" type="z"/></master></resources>
       <constraints><rsc_location id="l" rsc="q" resource-discovery="never"><rule id="lr" score="5"/><lifetime id="lt"><rule id="ltr"/></lifetime></rsc_location>
       <rsc_order id="o" kind="Optional"><resource_set id="rs" sequential="false" require-all="false"><resource_ref id="q"/><resource_ref id="c"/></resource_set></rsc_order><rsc_ticket id="tk" rsc="q" ticket="T"/><rsc_colocation id="co" rsc="q" with-rsc="c" score="-INFINITY"/></constraints>
       <rsc_defaults><meta_attributes id="rd"/></rsc_defaults><op_defaults><meta_attributes id="od"/></op_defaults>
       <fencing-topology><fencing-level id="f" target="a" index="1" devices="f1,f2"/></fencing-topology><tags><tag id="tag"><obj_ref id="q"/></tag></tags>
       <alerts><alert id="al" path="/x"><recipient id="re" value="y"/></alert></alerts>`,
      `<node_state id="1" uname="a" in_ccm="true" crmd="online"><transient_attributes id="1"><instance_attributes id="ta"><nvpair id="k" name="k" value="v"/></instance_attributes></transient_attributes><lrm id="1"><lrm_resources><lrm_resource id="q" class="ocf" provider="x" type="y"><lrm_rsc_op id="q_last_0" operation="start" rc-code="0" call-id="3"/></lrm_resource></lrm_resources></lrm></node_state><tickets><ticket_state id="T" granted="true"/></tickets>`,
    );
    const { document, findings } = read(text);
    expect(findings).toEqual([]);
    expect(read(writeCib(document)).document).toEqual(document);
    expect(document.configuration.properties[0]?.pairs[0]?.value).toBe('a < "b"\nc');
    expect(document.configuration.others[0]?.children[0]).toMatchObject({ name: 'alert' });
    expect(document.nodes[0]?.resources?.[0]?.operations[0]?.fields).toEqual({
      'rc-code': '0',
      'call-id': '3',
    });
  });

  it('names line and column of what is not well formed, and takes nothing of it', () => {
    expect(finding('<cib>\n  <a x=1/></cib>')).toMatchObject({ code: 'syntax_error', line: 2, column: 9 });
    expect(finding('<cib/><cib/>')).toMatchObject({ code: 'syntax_error' });
    expect(finding('')).toMatchObject({ code: 'syntax_error' });
    expect(finding('<configuration/>')?.message).toContain('not <cib>');
  });

  it('expands no entities of its own document type, and is not nested without end', () => {
    expect(finding('<!DOCTYPE cib [<!ENTITY a "b">]><cib z="&a;"/>')).toMatchObject({ code: 'syntax_error' });
    expect(finding('<a>'.repeat(100_000))).toMatchObject({ code: 'syntax_error' });
  });

  it('leaves out what it does not know and says where it stands', () => {
    const { document, findings } = read(
      cib(
        '<resources>\n<primitive class="ocf" type="x"/>\n  <thing id="u"/>\n<primitive id="good" class="lsb" type="y"/></resources>',
      ),
    );
    expect(document.configuration.resources.map(({ id }) => id)).toEqual(['good']);
    expect(findings).toMatchObject([
      { code: 'missing_field', line: 2, column: 1 },
      { code: 'unknown_element', place: "thing 'u'", line: 3, column: 3 },
    ]);
  });

  it('is read the same whether its text is as plain as programs write it or not', () => {
    const text = `<!-- a > b --><cib epoch='3'>\n<configuration>
       <crm_config><cluster_property_set id="p"><nvpair id="n" name="a" value="1 &lt; 2 &amp;amp; 'x'"/></cluster_property_set></crm_config>
       <resources><thing id="u" /></resources></configuration><status></status></cib >\n`;
    // A document type is nothing that a program writes.
    const other = read(`<!DOCTYPE cib>${text}`);
    expect(read(text)).toEqual(other);
    expect(other.document.configuration.properties[0]?.pairs[0]?.value).toBe("1 < 2 &amp; 'x'");
    expect(other.findings).toMatchObject([{ code: 'unknown_element', line: 4, column: 19 }]);
  });

  it.each([
    '<cib>',
    '</cib>',
    '<cib></cib><cib/>',
    '<cib><a></b></cib>',
    '<cib a="1"b="2"/>',
    '<cib a="&none;"/>',
    '<cib a="& b"/>',
    '<cib><!-- a -- b --></cib>',
    '<cib a=1/>',
    '<cib/>text',
  ])('is not well formed: %s', (text) => {
    expect(finding(text)).toMatchObject({ code: 'syntax_error', line: 1 });
  });
});
