import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from '../../appliance/lab/lab.ts';
import { progressTo } from '../../appliance/lab/progress.ts';
import { boardAddress, storageNodeNames } from '../../appliance/lab/topology.ts';
import { clientName, initiator } from '../../appliance/trial/cluster-file.ts';
import { apiAnswers, apisAnswer } from '../../appliance/trial/form.ts';
import { checkoutPackage } from '../../appliance/trial/package.ts';
import { San } from '../../appliance/trial/san.ts';
import { keys } from '../../appliance/lab/screen.ts';

/** Milliseconds. */
const MINUTE = 60_000;
const LONG = 25 * MINUTE;
const STEPS = 8;

describe('keelson setup --answers, interrupted in every step', () => {
  const progress = progressTo(process.stderr);
  const lab = openLab();
  const san = new San(lab);
  const first = lab.node('san-a');

  const board = (node: (typeof storageNodeNames)[number]) => ({
    kind: 'ipmi',
    address: boardAddress(node),
    username: 'admin',
    password: readFileSync(join(lab.settings.stateFolder, 'boards', node, 'password'), 'utf8').trim(),
  });
  const open = () => first.terminal(['keelson', 'setup', '--answers', '/root/answers.json'], LONG);

  beforeAll(async () => {
    await lab.up({ fresh: true, debianPackage: checkoutPackage(progress) });
    await apisAnswer(san);
    const answers = {
      joinCode: (await lab.node('san-b').demand(['keelson', 'cluster', 'join-code'])).trim(),
      fencing: Object.fromEntries(storageNodeNames.map((node) => [node, board(node)])),
      host: { name: clientName, initiators: [initiator] },
      lun: { name: 'lun1', size: '128M' },
      properties: { token: 5000, patience: 4, engineGrace: 60_000 },
    };
    await first.demand('umask 077; cat >/root/answers.json', { input: JSON.stringify(answers) });
  });
  afterAll(() => lab.down());

  it.each(Array.from({ length: STEPS - 1 }, (_, index) => index + 1))(
    'step %i: by Ctrl-C, and by a power cut of this node',
    async (step) => {
      for (const how of ['Ctrl-C', 'power cut']) {
        await first.waitForSsh();
        await apiAnswers(san, 'san-a');
        const screen = open();
        // A step that an attempt before this one has done is passed over, which is told as well.
        await screen.sees(`[${step}/${STEPS}]`, LONG);
        progress(`step ${step}: ${how}`);
        if (how === 'Ctrl-C') screen.types(keys.interrupt);
        else await first.powerCut();
        await screen.ended;
        if (!first.isPowered()) await first.powerOn().catch(() => undefined);
      }
    },
    LONG * 2,
  );

  it(
    'comes to its end all the same',
    async () => {
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await first.waitForSsh();
        await apiAnswers(san, 'san-a');
        const screen = open();
        if ((await screen.ended) === 0) break;
        progress(screen.shown());
      }
      san.forget();
      const status = await san.status();
      expect(status).toMatchObject({ clusterName: 'san', serving: true, survivesFailure: true });
      expect(status.luns.map(({ name }) => name)).toEqual(['lun1']);
      expect(status.nodes.filter(({ standby }) => standby)).toEqual([]);
    },
    LONG * 3,
  );
});
