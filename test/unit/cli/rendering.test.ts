import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bashCompletion } from '../../../src/cli/commands/completion.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { renderStatus } from '../../../src/cli/render-status.ts';
import { lun, status } from '../api/fake-gateway.ts';

describe('the status', () => {
  it('tells problems worst first, each with its code and next command', () => {
    const text = renderStatus(
      status({
        serving: false,
        survivesFailure: false,
        problems: [
          { code: 'c', severity: 'attention', message: 'mild', next: 'do c' },
          { code: 'b', severity: 'failure-would-not-be-survived', message: 'bad', next: 'do b' },
          { code: 'a', severity: 'data-not-served', message: 'worst', next: 'do a' },
        ],
        blocked: [{ subject: 'pool1', reason: 'no quorum', next: 'start san-b' }],
      }),
    );
    expect(text).toMatch(/^DATA IS NOT SERVED\. A FAILURE NOW WOULD NOT BE SURVIVED\./);
    const order = ['worst (a)', 'do a', 'bad (b)', 'do b', 'mild (c)', 'no quorum', 'NODE', 'POOL', 'LUN '];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  it('fits on the screen with 200 LUNs, those not served first', () => {
    const luns = Array.from({ length: 200 }, (_, index) => lun({ name: `lun-${index}` }));
    const text = renderStatus(status({ luns: [...luns, lun({ name: 'zz-dark', servedBy: undefined })] }), 24);
    expect(text.split('\n').length).toBeLessThan(24);
    expect(text.split('\n').find((line) => /^(lun-|zz-)/.test(line))).toContain('zz-dark');
    const shown = text.split('\n').filter((line) => /^(lun-|zz-)/.test(line)).length;
    expect(text).toContain(`and ${201 - shown} more`);
    expect(text).toContain('200 of 201 LUNs are exported');
  });

  it.each([
    [undefined, 'no witness: after a split, the node that fences the other goes on'],
    [{ tls: 'required', votes: true }, 'witness 10.0.0.9 (encrypted, with certificates) votes for'],
    [{ tls: 'off', votes: false }, 'witness 10.0.0.9 (not encrypted) DOES NOT VOTE for'],
    [
      { tls: 'off', change: 'adding' },
      'witness 10.0.0.9 (not encrypted; it is being added): not heard of yet',
    ],
    [{ tls: 'on' }, 'witness 10.0.0.9 (encrypted where it has a certificate): not heard of yet'],
  ] as const)('says who decides a split: %j', (witness, line) => {
    const view = witness === undefined ? {} : { witness: { address: '10.0.0.9', ...witness } };
    expect(renderStatus(status(view)).split('\n')[2]).toContain(line);
  });

  it('says what to do on a node without a cluster', () => {
    expect(renderStatus(status({ clusterName: undefined }))).toContain('keelson cluster init');
  });
});

describe('completion in a real bash', () => {
  const complete = (...words: string[]): string[] => {
    const script = `${bashCompletion(createProgram())}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _keelson; echo "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script, 'bash', 'keelson', ...words], { encoding: 'utf8' })
      .trim()
      .split(' ');
  };

  it.each([
    [['st'], ['status']],
    [
      ['lun', ''],
      ['create', 'list', 'show', 'grow', 'clone', 'map', 'unmap', 'delete'],
    ],
    [
      ['cluster', 'j'],
      ['join', 'join-secret', 'join-code'],
    ],
    [['lun', 'create', 'web', '--si'], ['--size']],
    [['--json', 'lun', 'delete', 'web', '--no'], ['--no-wait']],
  ])('of %j offers %j', (words, offered) => {
    expect(complete(...words).filter((word) => !word.startsWith('--') || offered.includes(word))).toEqual(
      offered,
    );
  });
});
