import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLab } from '../../appliance/lab/lab.ts';
import { progressTo } from '../../appliance/lab/progress.ts';
import { boardAddress } from '../../appliance/lab/topology.ts';
import { clientName, initiator } from '../../appliance/trial/cluster-file.ts';
import { apiAnswers, apisAnswer } from '../../appliance/trial/form.ts';
import { attachLun, toldBy } from '../../appliance/trial/host.ts';
import { isGood, underLoad } from '../../appliance/trial/load.ts';
import { checkoutPackage } from '../../appliance/trial/package.ts';
import { San } from '../../appliance/trial/san.ts';
import { keys, type Screen } from '../../appliance/lab/screen.ts';

/** Everything takes its time on an emulated processor. Milliseconds. */
const MINUTE = 60_000;
const LONG = 25 * MINUTE;
/** What emulated processors need, and nobody is asked. */
const properties = { token: 5000, patience: 4, engineGrace: 60_000 };

describe('keelson setup, in a real terminal, from two blank machines to a verified LUN', () => {
  const progress = progressTo(process.stderr);
  const lab = openLab();
  const san = new San(lab);
  const first = lab.node('san-a');
  /** What a person saw at the first node, screen after screen. */
  const transcript: string[] = [];
  let begun = 0;

  beforeAll(async () => {
    await lab.up({ fresh: true, debianPackage: checkoutPackage(progress) });
    await apisAnswer(san);
    begun = performance.now();
  });
  afterAll(async () => {
    mkdirSync('build', { recursive: true });
    writeFileSync('build/setup-transcript.txt', transcript.join('\n---\n'));
    await lab.down();
  });

  const password = (node: string): string =>
    readFileSync(join(lab.settings.stateFolder, 'boards', node, 'password'), 'utf8').trim();

  const open = (...words: string[]): Screen => first.terminal(['keelson', 'setup', ...words], MINUTE * 5);

  async function leave(screen: Screen): Promise<number | null> {
    const code = await screen.ended;
    transcript.push(screen.shown());
    return code;
  }

  it(
    'asks twelve questions, shows the plan, and is carried out until this very node loses its power',
    async () => {
      await first.demand('umask 077; cat >/root/properties.json', { input: JSON.stringify({ properties }) });
      const code = (await lab.node('san-b').demand(['keelson', 'cluster', 'join-code'])).trim();
      const screen = open('--ask', '--answers', '/root/properties.json');
      await screen.answers('1. Join code of the other node', code.toLowerCase());
      await screen.sees('found san-b');
      await screen.answers('2. Name of the SAN');
      await screen.answers('3. Which network is for what');
      await screen.answers('4. Addresses that hosts connect to');
      await screen.sees('5. What cuts the power');
      // Two virtual machines: their hypervisor is proposed, and the lab has boards, the first choice.
      screen.types(`1${keys.enter}`);
      await screen.answers('6. Management board of san-a', boardAddress('san-a'));
      await screen.answers('7. Management board of san-b', `admin@${boardAddress('san-b')}`);
      await screen.answers('8. Password of the board of san-a', password('san-a'));
      await screen.answers('9. Password of the board of san-b', password('san-b'));
      await screen.answers('10. Address of a witness');
      await screen.answers('11. Initiator name', initiator);
      await screen.answers('12. Size of the first LUN', '256M');
      await screen.sees('Shall it be done so?');
      progress(`${((performance.now() - begun) / MINUTE).toFixed(1)} minutes until the plan was shown`);
      expect((await san.status('san-a')).clusterName).toBeUndefined();
      screen.types(`1${keys.enter}`);
      await screen.sees('[3/8]', LONG);
      await screen.sees('the power of san-b goes now', LONG);
      await screen.sees('is this very node', LONG);
      // ssh says that the connection is gone.
      expect(await leave(screen)).not.toBe(0);
    },
    LONG * 3,
  );

  it(
    'goes on after the boot, and ends with a SAN that would survive the loss of a node',
    async () => {
      // The other node gives its power back, once it is confirmed that it was off.
      await vi.waitUntil(() => first.isPowered(), { timeout: 5 * MINUTE, interval: 1000 });
      await first.waitForSsh();
      await apiAnswers(san, 'san-a');
      const screen = open();
      await screen.sees('going on with the set-up of san');
      await screen.sees(`Waiting for ${clientName} to log in`, LONG);
      san.forget();
      const status = await san.status();
      expect(status).toMatchObject({ clusterName: 'san', serving: true, survivesFailure: true });
      const lun = status.luns.find(({ name }) => name === 'lun1');
      const device = await attachLun(lab, lun?.wwid ?? '', await toldBy(san));
      await screen.sees(`${clientName} is logged in.`, LONG);
      expect(await leave(screen)).toBe(0);
      const { verdict } = await underLoad(lab, device, 20, () => wait(20_000));
      expect(isGood(verdict)).toBe(true);
      expect(verdict.writes).toBeGreaterThan(100);
      progress(
        `${((performance.now() - begun) / MINUTE).toFixed(1)} minutes from blank machines to a verified LUN`,
      );
    },
    LONG * 2,
  );

  it(
    'has nothing more to do, and has left no secret behind',
    async () => {
      const again = await first.run(['keelson', 'setup', '--answers', '/root/properties.json']);
      expect([again.exitCode, again.stderr]).toEqual([
        0,
        expect.stringContaining('belongs to a cluster already') as string,
      ]);
      expect((await first.run(['ls', '/var/lib/keelson/setup.json'])).exitCode).not.toBe(0);
      expect((await lab.node('san-b').run(['ls', '/var/lib/keelson/join-code'])).exitCode).not.toBe(0);
      expect(transcript.join()).not.toContain(password('san-a'));
    },
    MINUTE * 5,
  );
});
