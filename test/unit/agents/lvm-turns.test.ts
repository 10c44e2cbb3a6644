import { describe, expect, test } from 'vitest';
import { inTurn } from '../../../agents/lvm-command/turns.ts';
import { success, type Result } from '../../../src/model/index.ts';
import { contextWith } from './fake-context.ts';

/** Changes that end when the test says so, and what has begun so far. */
class Changes {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, (how: Result<string> | Error) => void>();

  ask(name: string, group = 'keelson-tank', signal?: AbortSignal): Promise<Result<string>> {
    return inTurn(group, contextWith(undefined, signal), () => {
      this.begun.push(name);
      return new Promise((resolve, reject) =>
        this.ends.set(name, (how) => (how instanceof Error ? reject(how) : resolve(how))),
      );
    });
  }

  end(name: string, how: Result<string> | Error = success(name)): void {
    this.ends.get(name)?.(how);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the changes of a volume group', () => {
  test('go one after the other, in the order in which they were asked for', async () => {
    const changes = new Changes();
    const all = ['first', 'second', 'third'].map((name) => changes.ask(name));
    await turn();
    expect(changes.begun).toEqual(['first']);
    changes.end('first');
    await turn();
    expect(changes.begun).toEqual(['first', 'second']);
    changes.end('second');
    await turn();
    changes.end('third');
    expect(await Promise.all(all)).toEqual(['first', 'second', 'third'].map((name) => success(name)));
  });

  test('do not wait for those of another group', async () => {
    const changes = new Changes();
    const slow = changes.ask('slow');
    const other = changes.ask('other', 'keelson-vault');
    await turn();
    expect(changes.begun).toEqual(['slow', 'other']);
    changes.end('other');
    expect(await other).toEqual(success('other'));
    changes.end('slow');
    await slow;
  });

  test('go on after one that broke', async () => {
    const changes = new Changes();
    const broken = changes.ask('broken');
    const next = changes.ask('next');
    await turn();
    changes.end('broken', new Error('a bug'));
    await expect(broken).rejects.toThrow('a bug');
    await turn();
    changes.end('next');
    expect(await next).toEqual(success('next'));
  });

  test('whose time is over before their turn are told at once and never begun', async () => {
    const changes = new Changes();
    const over = new AbortController();
    const first = changes.ask('first');
    const late = changes.ask('late', 'keelson-tank', over.signal);
    const last = changes.ask('last');
    await turn();
    over.abort();
    expect(await late).toMatchObject({ ok: false, failure: { code: 'agent_timeout' } });
    changes.end('first');
    await turn();
    expect(changes.begun).toEqual(['first', 'last']);
    changes.end('last');
    await Promise.all([first, last]);
  });
});
