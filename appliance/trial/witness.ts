import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';
import { storageNodeNames } from '../lab/topology.ts';
import type { San } from './san.ts';

/** Certificates are made, and the rules of quorum changed, by emulated processors. Milliseconds. */
const SETUP = 330_000;
const FOLDER = '/root/witness-setup';

/** It waits for the cluster on the witness, apart from the connection that started it; gives its secret. */
async function startSetUp(lab: Lab): Promise<string> {
  const witness = lab.node('witness');
  await witness.demand(`umask 077; rm -rf ${FOLDER}; mkdir ${FOLDER}
    setsid keelson-witness setup --json </dev/null >${FOLDER}/told 2>${FOLDER}/progress &`);
  for (const end = performance.now() + SETUP; performance.now() < end;) {
    await wait(1000);
    const [line = ''] = (await witness.demand(['cat', `${FOLDER}/told`])).split('\n');
    // It is written at once, and whole.
    if (line !== '') return (JSON.parse(line) as { readonly secret: string }).secret;
  }
  const { stdout } = await witness.run(['cat', `${FOLDER}/progress`]);
  throw new LabError(
    'command-failed',
    `keelson-witness setup does not get on: ${stdout}`,
    'Look at the witness.',
  );
}

/** Waits until the witness votes, or does not, by the word of both nodes. */
export async function witnessVotes(san: San, votes: boolean): Promise<void> {
  for (const node of storageNodeNames)
    await san.waitFor(
      `the witness ${votes ? 'votes' : 'does not vote'} on ${node}`,
      SETUP,
      ({ witness }) => witness?.votes === votes,
      node,
    );
}

/** Gives the cluster the lab's witness, as a person would with the command line; one that is there is left alone. */
export async function addWitness(lab: Lab, san: San, progress: Progress): Promise<void> {
  if ((await san.status('san-a')).witness === undefined) {
    progress('witness: keelson-witness setup');
    const secret = await startSetUp(lab);
    const address = lab.node('witness').address('management');
    progress(`san-a: keelson witness add --address ${address} --secret-file -`);
    const add = ['keelson', 'witness', 'add', '--address', address, '--secret-file', '-'];
    await lab.node('san-a').demand(add, { timeout: SETUP, input: secret });
  }
  await witnessVotes(san, true);
}
