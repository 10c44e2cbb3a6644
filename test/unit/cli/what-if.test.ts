import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCib } from '../../../src/formats/cib/index.ts';
import { writeDocument } from '../../../src/simulate/index.ts';
import { success } from '../../../src/model/index.ts';
import { serve } from '../api/served.ts';
import { read, SAN, settle } from '../simulate/world.ts';
import { keelson as live, start } from './command.ts';

let folder = '';
let serving = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-what-if-'));
  serving = join(folder, 'serving.xml');
  const { document } = settle(read(SAN)).next;
  writeFileSync(
    serving,
    await writeDocument(
      { ...document, fields: { ...document.fields, 'execution-date': '1700000000' } },
      'cib',
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const keelson = (words: readonly string[], input?: string) =>
  start(words, input === undefined ? {} : { input }).ended;

const CRM = `node alpha
node beta
primitive power stonith:fence_ipmilan ip=192.0.2.1
primitive web ocf:keelson:web op monitor interval=10s
location away web -inf: alpha
`;

describe('keelson simulate', () => {
  it('says what would be done when a node is lost, and why, and changes nothing', async () => {
    const before = readFileSync(serving, 'utf8');
    const { code, stdout, stderr } = await keelson(['simulate', serving, '--node-fail', 'alpha']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('The cluster at 2023-11-14T22:13:20Z:');
    expect(stdout).toContain('Fence (reboot) alpha: it is no longer part of the cluster');
    expect(stdout).toContain('Move power (alpha -> beta): it moves to beta: alpha must be fenced');
    expect(stdout).toMatch(
      /Stop volume \(alpha\): no node may run it: .*; export must be with disk-clone, which is promoted nowhere/,
    );
    expect(stdout).toMatch(/\d+\. start power on beta \[after [\d, ]+\]: it comes from alpha/);
    expect(readFileSync(serving, 'utf8')).toBe(before);
  });

  it('lets events happen in the order in which they are given', async () => {
    const there = await keelson(['simulate', serving, '--standby', 'alpha', '--online', 'alpha']);
    expect(there.stdout).toContain('Nothing: no node and no resource changes.');
    const back = await keelson(['simulate', serving, '--online', 'alpha', '--standby', 'alpha']);
    expect(back.stdout).toContain('alpha is in standby');
  });

  it('reads standard input, in any form, and goes on from what --save wrote', async () => {
    const saved = join(folder, 'saved.json');
    const first = await keelson(['simulate', '-', '--run', '--save', saved], CRM);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/Start web \(beta\): it runs nowhere, and beta is the only node/);
    const again = await keelson(['simulate', '--cib', saved]);
    expect(again.stdout).toContain('Nothing: no node and no resource changes.');
  });

  it('answers programs with every step, its reason, and those before it', async () => {
    const words = ['simulate', serving, '--node-fail', 'alpha', '--json', '--scores', '--explain', '--run'];
    const { stdout } = await keelson(words);
    const answer = JSON.parse(stdout) as {
      summary: { verb: string; resource: string | null; reason: string }[];
      steps: { number: number; name: string; reason: string; after: number[] }[];
      scores: Record<string, Record<string, number>>;
      explanations: { resource: string }[];
      outcome: string;
      document: unknown;
    };
    expect(answer.steps.every(({ reason }) => reason !== '')).toBe(true);
    const fencing = answer.steps.find(({ name }) => name === "stonith 'reboot' alpha");
    const ended = answer.steps.find(({ name }) => name === 'volume_stop_0 alpha');
    expect(ended?.after).toContain(fencing?.number);
    expect(answer.steps.every(({ number, after }) => after.every((one) => one < number))).toBe(true);
    expect(answer.scores['volume']?.['alpha']).toBe(-1_000_000);
    expect(answer.explanations.map(({ resource }) => resource)).toContain('volume');
    expect(answer.outcome).toBe('complete');
    const after = await keelson(['simulate', '-', '--at', '1700000000'], stdout);
    expect(after.stdout).toContain('power\t(stonith:fence_ipmilan):\t Started beta');
    const page = readFileSync('docs/simulate.md', 'utf8');
    const fields = [answer, answer.summary[0], answer.steps[0]].flatMap((part) => Object.keys(part ?? {}));
    expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('draws the steps', async () => {
    const dot = await keelson(['simulate', serving, '--node-fail', 'alpha', '--format', 'dot']);
    expect(dot.stdout).toContain('"stonith \'reboot\' alpha" -> "volume_stop_0 alpha"');
    const svg = await keelson(['simulate', serving, '--node-fail', 'alpha', '--format', 'svg']);
    expect(svg.stdout).toMatch(/^<\?xml[^]*<svg [^]*volume_stop_0 alpha[^]*<\/svg>/);
  });

  it('prints what crm_simulate prints', async () => {
    const { stdout } = await keelson(['simulate', serving, '--node-down', 'beta', '--format', 'pacemaker']);
    const headings = stdout.split('\n').filter((line) => /^[A-Z].*:$/.test(line));
    expect(stdout).toMatch(/^Using the original execution date of: 2023-11-14 22:13:20Z\n/);
    expect(headings).toEqual([
      'Current cluster status:',
      'Performing Requested Modifications:',
      'Transition Summary:',
      'Executing Cluster Transition:',
      'Revised Cluster Status:',
    ]);
    const scores = await keelson(['simulate', serving, '--scores', '--format', 'pacemaker']);
    expect(scores.stdout).toContain('\npcmk__primitive_assign: power allocation score on alpha: 0\n');
    expect(scores.stdout).not.toContain('  * ');
  });
});

describe('keelson explain', () => {
  it('says why here, why not there, and what would have to change', async () => {
    const { code, stdout } = await keelson(['explain', 'volume', 'beta', '--cib', serving]);
    expect(code).toBe(0);
    expect(stdout).toContain('volume runs on alpha now, and stays there.');
    expect(stdout).toContain('forbids it: export must be with disk-clone, which is promoted on alpha');
    expect(stdout).toContain(
      'would have to change: let disk-clone be promoted on beta, or remove colocation together',
    );
    expect(stdout).not.toContain('On alpha');
  });

  it('knows standby, failures and constraints', async () => {
    const running = join(folder, 'running.json');
    const failed = join(folder, 'failed.json');
    const fragile = CRM.replace('interval=10s', 'interval=10s meta migration-threshold=1');
    await keelson(['simulate', '-', '--run', '--save', running], fragile);
    const events = ['--standby', 'alpha', '--result', 'web_monitor_10000@beta=1'];
    await keelson(['simulate', running, ...events, '--save', failed]);
    const { stdout } = await keelson(['explain', 'web', '--cib', failed]);
    expect(stdout).toContain('web runs on beta now, failed, and shall run nowhere.');
    expect(stdout).toContain('forbids it: alpha is in standby');
    expect(stdout).toContain('would have to change: take alpha out of standby');
    expect(stdout).toContain('would have to change: remove or change location away');
    expect(stdout).toContain('forbids it: web failed once on beta, and migration-threshold is 1');
    expect(stdout).toContain('keelson cleanup web --node beta');
    expect(stdout).toMatch(/Planned:[^]*stop web on beta: no node may run it/);
  });

  it('has one failure for each name that is unknown', async () => {
    const resource = await keelson(['explain', 'nothing', '--cib', serving]);
    expect([resource.code, resource.stderr.split('\n').at(-2)]).toEqual([1, 'code: resource_not_found']);
    const node = await keelson(['explain', 'volume', 'gamma', '--cib', serving]);
    expect([node.code, node.stderr.split('\n').at(-2)]).toEqual([1, 'code: node_not_found']);
  });
});

describe('without a file', () => {
  it('the live cluster is looked at', async () => {
    const served = await serve();
    try {
      const { document } = settle(read(SAN)).next;
      served.gateway.replies.document = () => success(document);
      const lost = await live(served, ['simulate', '--node-fail', 'alpha']);
      expect([lost.code, lost.stderr]).toEqual([0, '']);
      expect(lost.stdout).toContain('Fence (reboot) alpha');
      const why = await live(served, ['explain', 'volume']);
      expect(why.stdout).toContain('volume runs on alpha now, and stays there.');
    } finally {
      await served.close();
    }
  });
});

describe('keelson convert', () => {
  it('goes round through every form without loss', async () => {
    const json = await keelson(['convert', serving, '--to', 'json']);
    const back = await keelson(['convert', file('round.json', json.stdout), '--to', 'cib']);
    expect(readCib(back.stdout)).toEqual(readCib(readFileSync(serving, 'utf8')));
    const crm = await keelson(['convert', serving, '--to', 'crm', '--exact']);
    expect(crm.stderr).toContain('no words for the status');
    const again = await keelson(['convert', file('round.crm', crm.stdout), '--to', 'cib']);
    const [first, second] = [readCib(readFileSync(serving, 'utf8')), readCib(again.stdout)];
    expect(second.ok && second.document.configuration).toEqual(first.ok && first.document.configuration);
  });

  it('with --exact fails where something would be lost', async () => {
    const text = readFileSync(serving, 'utf8').replace('</resources>', '<bundle id="b"/></resources>');
    const lax = await keelson(['convert', file('bundle.xml', text), '--to', 'json']);
    expect([lax.code, lax.stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: .*bundle\.xml:\d+:\d+: bundle 'b': .*\(unknown_element\)\n$/),
    ]);
    const exact = await keelson(['convert', file('bundle.xml', text), '--to', 'json', '--exact']);
    expect([exact.code, exact.stdout, exact.stderr.split('\n').at(-2)]).toEqual([
      1,
      '',
      'code: document_invalid',
    ]);
  });
});

describe('bad input', () => {
  it.each([
    ['broken.xml', '<cib>\n  <a x=1/></cib>', /broken\.xml:2:\d+: This is not well-formed XML/],
    ['broken.crm', 'node alpha\nprimitive', /broken\.crm:2:1: This is not the crm shell's syntax/],
    ['broken.json', '{\n  "configuration": {},\n}', /broken\.json:3:1: This is not well-formed JSON/],
    ['other.json', '{"a": 1}', /configuration/],
    ['empty.xml', '', /.*/],
  ])('%s ends the command at the place of the mistake', async (name, text, said) => {
    const words = ['simulate', file(name, text), ...(name === 'empty.xml' ? ['--from', 'cib'] : [])];
    const { code, stdout, stderr } = await keelson(words);
    expect([code, stdout, stderr.split('\n').at(-2)]).toEqual([1, '', 'code: document_invalid']);
    expect(stderr).toMatch(said);
  });

  it('what can be understood is scheduled, the rest is told on standard error', async () => {
    const text = readFileSync(serving, 'utf8').replace(
      '</constraints>',
      '<rsc_location id="bad" rsc="nothing" node="alpha" score="plenty"/></constraints>',
    );
    const { code, stdout, stderr } = await keelson(['simulate', file('bad.xml', text)]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing: no node and no resource changes.');
    expect(stderr).toContain(
      "constraint 'bad': 'nothing' is neither a resource nor a tag (unknown_reference)",
    );
    expect(stderr).toContain("constraint 'bad' score: 'plenty' is no score; 0 counts (bad_value)");
  });

  it.each([
    [['simulate', '/nowhere.xml'], 2],
    [['simulate', 'a', '--cib', 'b'], 2],
    [['simulate', '-', '--format', 'poem'], 2],
    [['simulate', '-', '--at', 'soon'], 2],
    [['simulate', '-', '--node-fail', 'gamma'], 1],
    [['simulate', '-', '--result', 'web@alpha'], 1],
    [['convert', '-'], 2],
  ])('%j ends with %i', async (words, code) => {
    expect((await keelson(words, CRM)).code).toBe(code);
  });
});
