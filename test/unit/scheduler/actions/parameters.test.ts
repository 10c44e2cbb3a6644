import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isFencerParameter, parametersText } from '../../../../src/engine/scheduler/actions/parameters.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const all = (): boolean => true;

describe('the digest of parameters', () => {
  it('of none at all is the one that Pacemaker records', () => {
    expect(md5(parametersText(new Map(), all))).toBe('f2317cad3d54cec5d7d7aa7d0bf35cf8');
  });

  it('does not depend on the sequence in which they were written', () => {
    const one = new Map([
      ['ip', '10.0.0.1'],
      ['cidr_netmask', '24'],
    ]);
    const other = new Map([...one].reverse());
    expect(parametersText(one, all)).toBe(' <parameters cidr_netmask="24" ip="10.0.0.1"/>\n');
    expect(parametersText(other, all)).toBe(parametersText(one, all));
  });

  it('leaves bookkeeping out and escapes as the recorder does', () => {
    const parameters = new Map([
      ['crm_feature_set', '3.16.1'],
      ['CRM_meta_interval', '10000'],
      ['CRM_meta_timeout', '20000'],
      ['options', `rw,"a"<b>&'c'\n`],
      ['name', 'a&Größe&'],
    ]);
    expect(parametersText(parameters, all)).toBe(
      ' <parameters CRM_meta_timeout="20000" name="a&amp;Größe&" ' +
        'options="rw,&quot;a&quot;&lt;b&gt;&amp;&apos;c&apos;\\n"/>\n',
    );
  });

  it('knows what only the fencer reads', () => {
    expect(isFencerParameter('pcmk_host_list')).toBe(true);
    expect(isFencerParameter('pcmk_reboot_timeout')).toBe(true);
    expect(isFencerParameter('ipaddr')).toBe(false);
  });
});
