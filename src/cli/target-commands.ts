import type { Command } from 'commander';
import type { RecoverOptions } from './commands/recover.ts';
import { leaf, ranBy, sessionOf } from './leaf.ts';

const BY_NAME = 'only this one; san* for all whose names begin with san';

const commands = () => import('./commands/targets.ts');

/** `keelson pool`, `keelson target` and `keelson portal` */
export function addTargets(program: Command): void {
  const pool = program.command('pool').description('the mirrored disks that LUNs are cut from');
  leaf(pool, 'list', 'list the pools, their sizes and what is free')
    .option('--name <name>', BY_NAME)
    .action(async (...given) =>
      (await commands()).listPools(sessionOf(ranBy(given)), given[0] as { name?: string }),
    );
  leaf(pool, 'show <name>', 'all about a pool').action(async (...given) =>
    (await commands()).showPool(sessionOf(ranBy(given)), given[0] as string),
  );
  leaf(
    pool,
    'recover <name>',
    'after a split brain: show what each copy has that the other lacks; with --discard, lose what one has, and fill it from the other',
  )
    .option('--discard <node>', 'the node whose changes are lost; not the one that serves the pool')
    .option('--acknowledge <words>', 'the words that are asked for otherwise: "discard NODE"')
    .option('--no-wait', 'do not wait until both copies are current')
    .addHelpText(
      'after',
      '\nThe other node serves all the time. Nothing is begun where the node serves, or where nobody can tell how a copy is.\nTo lose what was written on the node that serves: `keelson node standby NODE --force`, which ends the service,\nthis command, and `keelson node online NODE`. What is interrupted goes on by itself; the same command follows it.',
    )
    .action(async (...given) => {
      const { recover } = await import('./commands/recover.ts');
      await recover(sessionOf(ranBy(given)), given[0] as string, given[1] as RecoverOptions);
    });

  const target = program.command('target').description('what hosts log in at');
  leaf(target, 'list', 'list the targets')
    .option('--name <name>', BY_NAME)
    .option('--pool <pool>', 'only those of this pool')
    .action(async (...given) =>
      (await commands()).listTargets(sessionOf(ranBy(given)), given[0] as { name?: string; pool?: string }),
    );
  leaf(target, 'show <name>', 'all about a target: its portals, and who is logged in').action(
    async (...given) => (await commands()).showTarget(sessionOf(ranBy(given)), given[0] as string),
  );

  const portal = program.command('portal').description('the addresses that targets are reached at');
  leaf(
    portal,
    'add <target> <address>',
    'give a target another address, such as 10.0.3.101/24 or 2001:db8:5::10/64',
  )
    .addHelpText(
      'after',
      '\nThe prefix length is that of the nodes’ own addresses in that network. Before it is taken, the network is asked\nwhether somebody has it. Sessions through other portals notice nothing. See `keelson host connect-info` for\nwhat to type on the hosts.',
    )
    .action(async (...given) =>
      (await commands()).addPortal(sessionOf(ranBy(given)), given[0] as string, given[1] as string),
    );
  leaf(portal, 'remove <target> <address>', 'take an address of a target away, where no host is connected')
    .option('--force', 'even where hosts are connected: their sessions through it end')
    .action(async (...given) => {
      const { force } = given[2] as { force?: boolean };
      const [name, address] = given as [string, string];
      await (await commands()).removePortal(sessionOf(ranBy(given)), name, address, force === true);
    });
}
