import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { milliseconds, type WitnessIntent } from '../../../src/model/index.ts';
import { corosyncConfiguration } from '../../../src/platform/formation/corosync-configuration.ts';
import { withQuorumRules, writeQuorumRules } from '../../../src/platform/formation/quorum-rules.ts';

const nodes = [1, 2].map((id) => ({
  name: `san-${id}`,
  id,
  cluster: `10.77.1.${id}`,
  replication: `10.77.2.${id}`,
}));
const witness: WitnessIntent = {
  address: '10.0.0.9',
  tls: 'required',
  heuristics: { mode: 'on', timeout: milliseconds(5000), ping: ['10.77.0.1'], programs: ['ups'] },
};
const formed = (with_: WitnessIntent | undefined): string =>
  corosyncConfiguration({ clusterName: 'san', nodes, token: milliseconds(1000), witness: with_ });

test('the rules come and go in corosync.conf as if the cluster had been formed so', () => {
  for (const before of [undefined, witness, { address: '10.0.0.8', tls: 'off' as const }])
    for (const after of [undefined, witness])
      expect(withQuorumRules(formed(before), { nodes: 2, witness: after })).toEqual({
        ok: true,
        value: formed(after),
      });
});

test('all else in it stays as it is, and a file without such a section is left alone', () => {
  const own = formed(undefined).replace('to_syslog: yes', 'to_syslog: no');
  const changed = withQuorumRules(own, { nodes: 2, witness });
  expect(changed.ok && changed.value).toContain('to_syslog: no');
  expect(withQuorumRules('totem {\n}\n', { nodes: 2, witness })).toMatchObject({
    failure: { code: 'host_setup_failed' },
  });
});

test('what is written already is not written again; a file that is missing is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-rules-'));
  try {
    const file = join(folder, 'corosync.conf');
    expect(await writeQuorumRules({ nodes: 2, witness }, folder)).toMatchObject({ ok: false });
    writeFileSync(file, formed(undefined));
    expect(await writeQuorumRules({ nodes: 2, witness }, folder)).toEqual({ ok: true, value: undefined });
    expect(readFileSync(file, 'utf8')).toBe(formed(witness));
    const { ino } = statSync(file);
    await writeQuorumRules({ nodes: 2, witness }, folder);
    expect(statSync(file).ino).toBe(ino);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
