import { describe, expect, it } from 'vitest';
import { roleTowards, stepBetween, type Step } from '../../../../src/engine/scheduler/actions/roles.ts';
import { ROLE, type Role } from '../../../../src/engine/scheduler/unpack/resource.ts';

function wayFrom(role: Role, target: Role): Step[] {
  const way: Step[] = [];
  let at = role;
  while (at !== target && way.length < 5) {
    const next = roleTowards(at, target);
    const step = stepBetween(at, next);
    if (step === undefined) break;
    way.push(step);
    at = next;
  }
  return way;
}

describe('the way from one role to another', () => {
  it('starts before it promotes, and demotes before it stops', () => {
    expect(wayFrom(ROLE.stopped, ROLE.promoted)).toEqual(['start', 'promote']);
    expect(wayFrom(ROLE.promoted, ROLE.stopped)).toEqual(['demote', 'stop']);
  });

  it('promotes what runs without starting it again', () => {
    expect(wayFrom(ROLE.unpromoted, ROLE.promoted)).toEqual(['promote']);
    expect(wayFrom(ROLE.started, ROLE.promoted)).toEqual(['promote']);
  });

  it('takes a started instance for an unpromoted one without doing anything', () => {
    expect(wayFrom(ROLE.started, ROLE.unpromoted)).toEqual([]);
  });

  it('needs nothing where the role is right already', () => {
    for (const role of [ROLE.stopped, ROLE.started, ROLE.unpromoted, ROLE.promoted]) {
      expect(wayFrom(role, role)).toEqual([]);
    }
  });
});
