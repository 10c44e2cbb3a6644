import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { createProgram } from '../../../src/witness/program.ts';
import { render } from '../../../src/witness/status.ts';

const keelsonWitness = (...words: readonly string[]) =>
  spawnSync(process.execPath, ['src/witness/keelson-witness.ts', ...words], { encoding: 'utf8' });

test('help says what the commands do and how they end', () => {
  expect(keelsonWitness('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/setup[^]*status[^]*Exit codes/) as string,
  });
});

test('what cannot be understood ends with 2, and nothing is done', async () => {
  expect(keelsonWitness('setup', '--port', '0')).toMatchObject({ status: 2, stdout: '' });
  const wrong = [['setup', '--port', '65536'], ['setup', '--address', 'witness.example'], ['sign']];
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const ended = vi.fn();
  for (const words of wrong)
    await expect(createProgram(ended).parseAsync(words, { from: 'user' })).rejects.toThrow('error:');
  expect(ended).not.toHaveBeenCalled();
  expect(written).toHaveBeenCalled();
});

test('the status says who is connected, who has the vote, and who should be there', () => {
  const nodes = [
    { id: 1, address: '10.0.0.1', isCertified: true, vote: 'ACK' },
    { id: 2, address: '10.0.0.2', isCertified: false, vote: 'NACK' },
  ] as const;
  expect(render([{ name: 'san', nodes }], ['old', 'san'])).toBe(`corosync-qnetd runs.
cluster san: 2 nodes are connected
  node 1 at 10.0.0.1, with its certificate, has the vote
  node 2 at 10.0.0.2, WITHOUT a certificate, was refused the vote
cluster old: has a certificate, and is not connected`);
  expect(render([], [])).toContain('No cluster is connected.');
});
