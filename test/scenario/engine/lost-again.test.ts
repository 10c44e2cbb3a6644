import { expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

/** Nothing is served; both nodes come back, and the mirror is about to be promoted on one of them. */
function startingAgain(): San {
  const san = San.serving();
  const wishes = new Wishes(san);
  for (const machine of [san.alpha, san.beta]) wishes.node(machine, { standby: true, force: true });
  san.eventually('nothing is served', () =>
    [san.alpha, san.beta].every(({ kernel }) => !kernel.replica.isPrimary && kernel.luns.size === 0),
  );
  for (const machine of [san.alpha, san.beta]) wishes.node(machine, { standby: false });
  return san;
}

test.each([
  ['its engine is killed', 'kill'],
  ['its engine falls silent', 'pause'],
] as const)(
  'a node is lost while it promotes, its Corosync comes back, and before it has told of that %s: it is fenced, and nobody else promotes before',
  (_, how) => {
    const san = startingAgain();
    let promoting: typeof san.alpha | undefined;
    for (const machine of [san.alpha, san.beta])
      machine.onBegin = ({ agent, operation }) => {
        if (agent !== 'drbd' || operation !== 'promote' || promoting !== undefined) return;
        promoting = machine;
        san.world.board(machine).reachable = false;
        san.world.corosync.crash(machine.id, 4 * SECOND);
      };
    san.eventually('one begins to promote', () => promoting !== undefined, 2 * MINUTE);
    const lost = promoting ?? san.alpha;
    const other = lost === san.alpha ? san.beta : san.alpha;
    san.eventually('it is lost', () => san.stateOf(lost, other) === 'lost');
    expect(lost.kernel.replica.isPrimary).toBe(true);
    let hasCome = false;
    san.world.afterEvent = () => {
      if (hasCome || lost.engine?.state.view.members.length !== 2) return;
      hasCome = true;
      lost.engine.setPaused(true);
    };
    san.eventually('it is a member again', () => hasCome, 10 * SECOND);
    expect(lost.engine?.state.view.complete).toBe(false);
    san.world.board(lost).reachable = true;
    expect(lost.kernel.replica.isPrimary).toBe(true);
    san.eventually('the other one knows the ring', () => other.engine?.state.ring.nodes.length === 2, SECOND);
    if (how === 'kill') lost.killEngine(5 * MINUTE);
    san.eventually('the other one serves', () => other.kernel.serves('data'), 2 * MINUTE);
    expect(san.fencings).toBe(1);
    san.hostGetsOn();
  },
);
