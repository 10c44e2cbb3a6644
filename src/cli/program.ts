import { addTargets } from './target-commands.ts';
import { Command } from 'commander';
import { version } from '../api/schemas/version.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { InitOptions } from './commands/cluster.ts';
import type { CreateOptions, ListOptions, RemoveOptions } from './commands/luns.ts';
import type { ReportCommandOptions } from './commands/report.ts';
import type { Client } from './client.ts';
import { addConfig } from './config-commands.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';
import { processOutput, type Output } from './output.ts';
import { addFencing } from './fence-commands.ts';
import { addSetup } from './setup-commands.ts';
import { addHosts, addMappings } from './host-commands.ts';
import { addClone, addSnapshots } from './snapshot-commands.ts';
import { addClusterWishes, addNodes, addResources } from './wish-commands.ts';
import { addWhatIf } from './what-if.ts';
import { addWitness } from './witness-commands.ts';

/** What a command is given beside its own options. The client is made when it is needed. */
export interface Session {
  readonly client: () => Promise<Client>;
  readonly output: Output;
  readonly json: boolean;
}

/**
 * The tree of commands. What a command does is imported when it runs: under emulation each module that is read
 * at the start is felt.
 */
export function createProgram(): Command {
  const program = new Command('keelson')
    .description('Operates a Keelson SAN: two servers, one highly available iSCSI target.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('See `keelson --help`.')
    .option('--url <url>', 'address of the API of any node', 'https://127.0.0.1:8443')
    .option(
      '--token-file <file>',
      'file with the token; the environment variable KEELSON_TOKEN goes before',
      '/etc/keelson/token',
    )
    .option('--ca <file>', 'certificate that the API must show (PEM)', '/etc/keelson/api.crt')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 the command cannot be understood, 3 the API or the engine cannot be reached;\nof `doctor` also 4 something is not as it should be, 5 something forbids a set-up or a failover.',
    );

  leaf(program, 'status', 'whether data is served, what is wrong, and what to do next').action(
    async (...given) => (await import('./commands/status.ts')).status(sessionOf(ranBy(given))),
  );
  leaf(
    program,
    'doctor [node]',
    'what would keep this SAN, or a new machine, from doing its work; changes nothing',
  )
    .option(
      '--disk <path>',
      'a disk of this node that is to be mirrored, looked at closely; may be given again',
      collect,
    )
    .option(
      '--peer <address>',
      'the machine that is to be the other node: the way there is tried before there is a cluster',
    )
    .addHelpText(
      'after',
      '\nIn a cluster both nodes look at themselves and at the way to each other; NODE tells of one only.\nEach finding has a code, what was found, why it matters and how to mend it (docs/doctor.md).\nExit codes: 0 nothing to mend, 4 something warns, 5 something forbids a set-up or a failover.',
    )
    .action(async (...given) => {
      const { doctor } = await import('./commands/doctor.ts');
      await doctor(sessionOf(ranBy(given)), given[0] as string | undefined, given[1] as DoctorOptions);
    });
  leaf(
    program,
    'report',
    'write an archive for whoever helps: state, configuration, logs of this node and what its API tells of the cluster, without secrets; as root',
    'print what was collected, as JSON',
  )
    .option(
      '--output <file>',
      'the archive to write; a file that is there is left alone (default: keelson-report-CLUSTER-NODE-TIME.tar.gz in the current folder)',
    )
    .option('--since <time>', 'how far back the logs go: such as 12h or 3d, or a time', '3d')
    .option('--list', 'only say what would be collected')
    .addHelpText(
      'after',
      '\nIt changes nothing, and works where the engine, a program or the kernel does not answer: what is missing\nis named with the reason, here and in index.txt of the archive. Run it on both nodes.',
    )
    .action(async (...given) => {
      const { report } = await import('./commands/report.ts');
      const ran = ranBy(given);
      await report(sessionOf(ran), ran.optsWithGlobals<ReportCommandOptions>());
    });
  addSetup(program);
  addCluster(program);
  addWitness(program);
  addNodes(program);
  addFencing(program);
  addResources(program);
  addTargets(program);
  addHosts(program);
  addLuns(program);
  addSnapshots(program);
  addConfig(program);
  addWhatIf(program);
  addRest(program);
  return program;
}

function addCluster(program: Command): void {
  const cluster = program.command('cluster').description('form a cluster, or join one');
  leaf(cluster, 'init', 'form a cluster from a cluster file (YAML or JSON), with this node as its first')
    .requiredOption('--file <file>', 'the cluster file; - is standard input')
    .option('--node <name>', "this node's name in the file (default: the host name)")
    .option(
      '--overwrite-sbd <disk>',
      'an SBD disk of the file that may lose what it carries; may be given again',
      collect,
    )
    .option(
      '--witness-secret-file <file>',
      'file with what `keelson-witness setup` printed on the witness; - is standard input. The environment variable KEELSON_WITNESS_SECRET serves too',
    )
    .action(async (...given) => {
      const { init } = await import('./commands/cluster.ts');
      await init(sessionOf(ranBy(given)), given[0] as InitOptions);
    });
  leaf(cluster, 'join', 'have this node join the cluster of another')
    .requiredOption('--address <address>', 'management address of a member: an IPv4 address, not a host name')
    .option(
      '--secret-file <file>',
      'file with the join secret; - is standard input. The environment variable KEELSON_JOIN_SECRET serves too',
    )
    .option('--node <name>', "this node's name in the cluster file (default: the host name)")
    .action(async (...given) => {
      const { join } = await import('./commands/cluster.ts');
      await join(
        sessionOf(ranBy(given)),
        given[0] as { address: string; secretFile?: string; node?: string },
      );
    });
  leaf(
    cluster,
    'join-secret',
    'print the secret with which the other node joins; it is valid for 24 hours',
  ).action(async (...given) => (await import('./commands/cluster.ts')).joinSecret(sessionOf(ranBy(given))));
  leaf(
    cluster,
    'join-code',
    'on a node that belongs to no cluster: print the code by which `keelson setup` on the other node finds it and brings it in; valid for 24 hours, once',
  )
    .option(
      '--address <address>',
      'where the other node reaches this one (default: that of a card for management, or of the default route)',
    )
    .action(async (...given) => {
      const { joinCode } = await import('./commands/join-code.ts');
      await joinCode(sessionOf(ranBy(given)), given[0] as { address?: string });
    });
  addClusterWishes(cluster);
}

function addLuns(program: Command): void {
  const lun = program.command('lun').description('the disks that hosts see');
  leaf(lun, 'create <name>', 'make a LUN, or find it made with the same parameters')
    .requiredOption('--size <size>', 'such as 10G or 10GiB (10 * 2^30 bytes), 10GB (10 * 10^9), or bytes')
    .option('--thin', 'take of the pool only what is written to it, and give back what hosts unmap')
    .option('--pool <pool>', 'the pool to take it from (default: the only one, or that of the target)')
    .option('--target <target>', 'the target to reach it through (default: the first of the pool)')
    .option('--host <name>', 'a host that may use it; may be given again (default: all hosts)', collect)
    .option('--read-only-host <name>', 'a host that may only read it; may be given again', collect)
    .option('--no-wait', 'do not wait until it is made')
    .action(async (...given) => {
      const { create } = await import('./commands/luns.ts');
      await create(sessionOf(ranBy(given)), given[0] as string, given[1] as CreateOptions);
    });
  leaf(lun, 'list', 'list the LUNs')
    .option('--name <name>', 'only this one; web* for all whose names begin with web')
    .option('--pool <pool>', 'only those of this pool')
    .option('--target <target>', 'only those of this target')
    .option('--host <name>', 'only those that this host may use')
    .option('--state <state>', 'only those that are creating, ready or deleting')
    .option('--served-by <node>', 'only those that this node serves now')
    .action(async (...given) => {
      const { list } = await import('./commands/luns.ts');
      await list(sessionOf(ranBy(given)), given[0] as ListOptions);
    });
  leaf(lun, 'show <name>', 'all about a LUN').action(async (...given) =>
    (await import('./commands/luns.ts')).show(sessionOf(ranBy(given)), given[0] as string),
  );
  leaf(lun, 'grow <name> <size>', 'make a LUN larger while it is served: to SIZE, or by +SIZE')
    .option('--no-wait', 'do not wait until it is extended')
    .addHelpText(
      'after',
      '\nNo session ends, and no other LUN is touched. The hosts see the new size when they are told to look:\nwhat to type there is printed, and in `keelson host connect-info`. A LUN never becomes smaller.',
    )
    .action(async (...given) => {
      const { grow } = await import('./commands/grow.ts');
      await grow(
        sessionOf(ranBy(given)),
        given[0] as string,
        given[1] as string,
        given[2] as { wait: boolean },
      );
    });
  addClone(lun);
  addMappings(lun);
  leaf(lun, 'delete <name>', 'delete a LUN and its data, without asking, unless a host of it is logged in')
    .option('--no-wait', 'do not wait until it is gone')
    .option('--force', 'also while a host is logged in, whose disk then fails under it')
    .option('--with-snapshots', 'delete its snapshots too; without it, a LUN that has some is left alone')
    .action(async (...given) => {
      const { remove } = await import('./commands/luns.ts');
      await remove(sessionOf(ranBy(given)), given[0] as string, given[1] as RemoveOptions);
    });
}

function addRest(program: Command): void {
  const operation = program.command('operation').description('what was begun and takes its time');
  leaf(operation, 'show <id>', 'how an operation stands').action(async (...given) =>
    (await import('./commands/operations.ts')).show(sessionOf(ranBy(given)), given[0] as string),
  );
  leaf(program, 'events', 'print what happened; with --json one event a line')
    .option('--follow', 'go on with what happens from now on, until interrupted')
    .option('--after <sequence>', 'begin after the event with this number', '0')
    .action(async (...given) => {
      const { events } = await import('./commands/events.ts');
      await events(sessionOf(ranBy(given)), given[0] as { follow?: boolean; after: string });
    });
  leaf(program, 'cleanup [resource]', 'forget the failures of a resource (or of all), and look again')
    .option('--node <name>', 'on this node only')
    .action(async (...given) => {
      const { cleanup } = await import('./commands/operations.ts');
      await cleanup(sessionOf(ranBy(given)), given[0] as string | undefined, given[1] as { node?: string });
    });
  program
    .command('completion')
    .description('print a completion script for a shell')
    .argument('<shell>', 'bash')
    .action(async (shell: string) => {
      const { completion } = await import('./commands/completion.ts');
      completion(program, shell, processOutput);
    });
}
