import { expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';

function withWitness(seed = 1) {
  const san = San.serving(seed, { hasWitness: true });
  const { witness } = san.world.corosync;
  if (witness === undefined) throw new Error('there is a witness');
  return { san, witness };
}

const hasQuorum = (san: San, machine: San['alpha']): boolean => san.status(machine).quorate;

test('the node that is left has quorum with the witness, and serves', () => {
  const { san } = withWitness();
  san.alpha.staysDark = true;
  san.alpha.cut();
  san.eventually('beta serves', () => san.server === san.beta);
  expect(hasQuorum(san, san.beta)).toBe(true);
  san.hostGetsOn();
});

test('of two that have lost each other the one goes on that the witness votes for', () => {
  const { san } = withWitness();
  san.world.corosync.setLink(false);
  san.for(10 * SECOND);
  const winners = [san.alpha, san.beta].filter(
    (machine) => machine.engine !== undefined && hasQuorum(san, machine),
  );
  expect(winners).toEqual([san.alpha]);
  san.eventually('beta is fenced', () => san.fencings > 0, MINUTE);
  expect(san.alpha.isPowered).toBe(true);
  san.world.corosync.setLink(true);
  san.eventually('all is well', () => san.isWell(), 5 * MINUTE);
});

test('whoever loses quorum in the middle of a takeover goes no further, until it has it again', () => {
  const { san, witness } = withWitness();
  const { alpha, beta } = san;
  const { began } = san.watchWork(beta);
  const noted = beta.onBegin;
  beta.onBegin = (work) => {
    noted(work);
    if (work.agent !== 'lvm' || work.operation !== 'start') return;
    // It takes its time, and just then the witness is lost.
    beta.onBegin = noted;
    beta.agents.setStalled(true);
    witness.setUp(false);
    san.world.time.after(5 * SECOND, () => beta.agents.setStalled(false));
  };
  alpha.staysDark = true;
  alpha.cut();
  san.eventually('beta has no quorum', () => !hasQuorum(san, beta), MINUTE);
  san.eventually('beta takes over', () => began.some(({ agent }) => agent === 'lvm'), MINUTE);
  san.for(MINUTE);
  expect(beta.kernel.volumeGroupActive).toBe(true);
  expect(hasQuorum(san, beta)).toBe(false);
  expect(began.filter(({ agent, operation }) => agent === 'lio-target' && operation === 'start')).toEqual([]);

  witness.setUp(true);
  san.eventually('beta serves', () => san.server === beta, MINUTE);
  san.hostGetsOn();
});

test('without the witness nobody goes on after a split, and nobody is fenced', () => {
  const { san, witness } = withWitness();
  witness.setUp(false);
  san.for(20 * SECOND);
  expect(san.isWell()).toBe(false);
  san.hostGetsOn();
  san.world.corosync.setLink(false);
  san.for(MINUTE);
  expect([san.alpha, san.beta].map((machine) => hasQuorum(san, machine))).toEqual([false, false]);
  expect(san.fencings).toBe(0);
  // Its disks are as they were, and the policy is to leave all as it is.
  expect(san.server).toBe(san.alpha);
  san.world.corosync.setLink(true);
  witness.setUp(true);
  san.eventually('all is well', () => san.isWell(), 2 * MINUTE);
});

test.each([1, 4, 5])(
  'a wish for a fencing that comes late is void where its target has come back (seed %i)',
  (seed) => {
    // While the ring waits for the witness nothing is told; so what is wanted of the lost one is heard when it is back.
    const { san, witness } = withWitness(seed);
    const { beta } = san;
    // Whoever is to be fenced and cannot be is not started: it would never get on.
    san.world.board(beta).reachable = false;
    witness.slow = true;
    beta.cut();
    beta.restore();
    san.eventually('the mirror is whole again', () => beta.kernel.replica.isConnected, 2 * MINUTE);
    san.hostGetsOn();
  },
);

test('whoever has lost quorum does not try on to fence the other one', () => {
  const { san, witness } = withWitness();
  const { alpha, beta } = san;
  san.world.board(alpha).reachable = false;
  alpha.staysDark = true;
  alpha.cut();
  san.eventually('beta fails to fence alpha', () => san.fencingOf(alpha, beta) === 'failing');
  witness.setUp(false);
  san.for(30 * SECOND);
  const { fencings } = san;
  san.for(2 * MINUTE);
  expect(san.fencings).toBe(fencings);

  san.world.board(alpha).reachable = true;
  witness.setUp(true);
  san.eventually('beta serves', () => san.server === beta, MINUTE);
});

test.each([2, 3, 4])('an order that was still on its way when the ring changed is void (seed %i)', (seed) => {
  const { san } = withWitness(seed);
  const { alpha } = san;
  const { life } = alpha;
  // Beta knows that it is off before its own ring has ended, and goes on; what it orders waits for the witness's word,
  // and meanwhile alpha is back.
  alpha.killEngine(10 * MINUTE);
  san.eventually('alpha was off', () => alpha.life > life);
  san.for(5 * SECOND);
  san.eventually('all is well', () => san.isWell(), 2 * MINUTE);
});
