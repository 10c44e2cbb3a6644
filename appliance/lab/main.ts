import { Argument, Command } from 'commander';
import { witnessPackage } from '../package/contents.ts';
import { PackageError } from '../package/error.ts';
import { checkoutPackage } from '../trial/package.ts';
import { attachConsole } from './console.ts';
import { LabError } from './error.ts';
import { openLab } from './lab.ts';
import { progressTo } from './progress.ts';
import { formatStatus } from './status.ts';
import { machineNames, networkNames, storageNodeNames } from './topology.ts';
import type { MachineName, NetworkName, StorageNodeName } from './topology.ts';

const progress = progressTo(process.stderr);
const lab = openLab({ progress });

const program = new Command('lab')
  .description(
    'Two storage nodes and a host in emulated machines, with the networks, management boards and power switches of a rack.',
  )
  .addHelpText(
    'after',
    `
Machines  ${machineNames.join(', ')}
Networks  ${networkNames.join(', ')}

Environment
  KEELSON_LAB_DIR       where images, disks and logs are kept (~/.cache/keelson-lab)
  KEELSON_LAB_NAME      name of the lab and of its network namespace (keelson-lab)
  KEELSON_LAB_API_PORT  loopback port of san-a's API; san-b's is the next one (18443)`,
  )
  .enablePositionalOptions()
  .showHelpAfterError('(add --help to see what there is)');

interface UpWish {
  readonly withoutKeelson?: true;
  readonly package?: string;
  readonly witness?: true;
  readonly fresh?: true;
  readonly dataDisk: number;
}

const machine = (): Argument => new Argument('<node>', 'a machine').choices(machineNames);
const storageNode = (): Argument => new Argument('<node>', 'a storage node').choices(storageNodeNames);
const network = (): Argument => new Argument('<network>', 'a network').choices(networkNames);

program
  .command('up')
  .description('bring the lab up, or what of it is missing; may be repeated')
  .option('--without-keelson', 'boot Debian without Keelson installed')
  .option('--package <file>', 'this Debian package of Keelson, instead of one built from the sources')
  .option('--witness', 'a witness machine too, with keelson-witness installed')
  .option('--fresh', 'new disks for all machines')
  .option('--data-disk <MiB>', 'size of new data disks', (text) => readWhole(text), 1024)
  .action(async (options: UpWish) => {
    await lab.up({
      debianPackage: options.withoutKeelson === true ? undefined : () => providePackage(options.package),
      witnessPackage: options.witness === true ? checkoutPackage(progress, witnessPackage) : undefined,
      fresh: options.fresh === true,
      dataDiskSize: options.dataDisk,
    });
    console.log(formatStatus(await lab.status()));
  });

program
  .command('status')
  .description('how everything is')
  .option('--json', 'for programs')
  .action(async (options: { json?: true }) => {
    const status = await lab.status();
    console.log(options.json === true ? JSON.stringify(status, null, 2) : formatStatus(status));
  });

program
  .command('ssh')
  .description('a shell on a machine, or one command')
  .addArgument(machine())
  .argument('[command...]', 'the command, as ssh takes it')
  .passThroughOptions()
  .action(async (name: MachineName, command: string[]) => {
    lab.demandUp();
    process.exitCode = await lab.node(name).attach(command);
  });

program
  .command('console')
  .description("a machine's serial console, logged in as root; Ctrl-] leaves it")
  .addArgument(machine())
  .action(async (name: MachineName) => {
    lab.demandUp();
    await attachConsole(lab.settings, name);
  });

onMachine('power-cut', 'pull the power cord: the machine ends between two instructions', (name) =>
  lab.node(name).powerCut(),
);
onMachine('power-on', 'give power and wait until the machine answers', async (name) => {
  await lab.node(name).powerOn();
  await lab.node(name).waitForSsh();
});
onLink('link-down', 'pull a network cable', (name, net) => lab.node(name).linkDown(net));
onLink('link-up', 'plug a network cable in again', (name, net) => lab.node(name).linkUp(net));
onStorageNode('bmc-down', 'the management board can no longer be reached', (name) =>
  lab.node(name).boardDown(),
);
onStorageNode('bmc-up', 'the management board can be reached again', (name) => lab.node(name).boardUp());
onStorageNode('disk-fail', 'from now on the data disk answers with EIO', (name) => lab.node(name).failDisk());
onStorageNode('disk-heal', 'the data disk works again', (name) => lab.node(name).healDisk());
onStorageNode('shared-disk-fail', 'from now on the shared disk answers this node with EIO', (name) =>
  lab.node(name).failDisk('shared'),
);
onStorageNode('shared-disk-heal', 'the shared disk works again for this node', (name) =>
  lab.node(name).healDisk('shared'),
);

for (const [name, description, act] of [
  ['pdu-down', 'the power distribution unit can no longer be reached', () => lab.pduDown()],
  ['pdu-up', 'the power distribution unit can be reached again', () => lab.pduUp()],
] as const) {
  program.command(name).description(description).action(whenUp(act));
}

program
  .command('deploy')
  .description('install Keelson, built from the sources, on the running storage nodes')
  .option('--package <file>', 'this Debian package instead')
  .action(async (options: { package?: string }) => {
    lab.demandUp();
    await lab.deploy(await providePackage(options.package));
  });

program
  .command('down')
  .description('end everything the lab started')
  .option('--purge', 'remove disks, keys and logs as well')
  .option('--cache', 'remove the cached images as well')
  .action((options: { purge?: true; cache?: true }) =>
    lab.down({ purge: options.purge === true, cache: options.cache === true }),
  );

function onMachine(name: string, description: string, act: (machine: MachineName) => Promise<void>): void {
  program.command(name).description(description).addArgument(machine()).action(whenUp(act));
}

function onStorageNode(
  name: string,
  description: string,
  act: (node: StorageNodeName) => Promise<void>,
): void {
  program.command(name).description(description).addArgument(storageNode()).action(whenUp(act));
}

function onLink(
  name: string,
  description: string,
  act: (machine: MachineName, network: NetworkName) => Promise<void>,
): void {
  const command = program.command(name).description(description);
  command.addArgument(machine()).addArgument(network()).action(whenUp(act));
}

function whenUp<Parameters extends unknown[]>(
  act: (...parameters: Parameters) => Promise<void>,
): (...parameters: Parameters) => Promise<void> {
  return async (...parameters) => {
    lab.demandUp();
    await act(...parameters);
  };
}

/** The package that was named, or else one built from this checkout. */
async function providePackage(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  return checkoutPackage(progress)();
}

function readWhole(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new LabError('bad-argument', `"${text}" is no number of MiB`, 'Give a whole number, such as 1024.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError || error instanceof PackageError)) throw error;
  console.error(`lab: ${error.message}\n     ${error.nextStep} [${error.code}]`);
  process.exitCode = 1;
}
