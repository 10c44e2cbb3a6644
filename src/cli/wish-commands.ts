import type { Command } from 'commander';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';
import type { ReplaceOptions } from './commands/replace.ts';
import type { SetOptions } from './commands/resources.ts';

const FORCE = 'also where data goes out of service by it';

/** `keelson cluster maintenance` */
export function addClusterWishes(cluster: Command): void {
  leaf(
    cluster,
    'maintenance <on|off>',
    'leave everything as it is, unwatched, until it is off again; only a lost node is fenced',
  ).action(async (...given) =>
    (await import('./commands/maintenance.ts')).maintenance(sessionOf(ranBy(given)), given[0] as string),
  );
}

/** `keelson node` */
export function addNodes(program: Command): void {
  const node = program.command('node').description('the members of the cluster');
  leaf(node, 'list', 'list the nodes and what runs on them').action(async (...given) =>
    (await import('./commands/nodes.ts')).list(sessionOf(ranBy(given))),
  );
  leaf(node, 'standby <name>', 'have everything move away from a node, and nothing come there')
    .option('--force', FORCE)
    .action(async (...given) => {
      const { set } = await import('./commands/nodes.ts');
      const { force } = given[1] as { force?: boolean };
      await set(sessionOf(ranBy(given)), given[0] as string, { standby: true, force });
    });
  leaf(node, 'online <name>', 'end its standby; nothing moves back by itself').action(async (...given) =>
    (await import('./commands/nodes.ts')).set(sessionOf(ranBy(given)), given[0] as string, {
      standby: false,
    }),
  );
  leaf(node, 'maintenance <name>', 'leave what runs on a node as it is, unwatched').action(async (...given) =>
    (await import('./commands/nodes.ts')).set(sessionOf(ranBy(given)), given[0] as string, {
      maintenance: true,
    }),
  );
  leaf(node, 'ready <name>', 'end whatever was asked of a node: standby, maintenance, leaving').action(
    async (...given) =>
      (await import('./commands/nodes.ts')).set(sessionOf(ranBy(given)), given[0] as string, {
        standby: false,
        maintenance: false,
        leaving: false,
      }),
  );
  leaf(
    node,
    'power-on <name>',
    'have a node that is confirmed off switched on by its fence devices, and wait until they say that it is',
  )
    .option('--no-wait', 'do not wait until it is switched on')
    .addHelpText(
      'after',
      '\nFor a node that stays off when it was fenced (`keelson fence action off`), or that left and was shut down.',
    )
    .action(async (...given) => {
      const { powerOn } = await import('./commands/power-on.ts');
      await powerOn(sessionOf(ranBy(given)), given[0] as string, given[1] as { wait: boolean });
    });
  leaf(
    node,
    'replace <name>',
    'give a node another machine, or a new disk, and fill it from the other node, which serves meanwhile',
  )
    .option(
      '--disk <path>',
      'only a disk is new: its path, by a name that stays the same (/dev/disk/by-id/...); POOL=PATH for each where the node has several pools',
      collect,
    )
    .option('--machine', 'with --disk: the machine is new too, and its disk has that path')
    .option(
      '--overwrite <path>',
      'a new disk that may lose what it carries; without it, one with any signature is refused. May be given again',
      collect,
    )
    .option('--force', FORCE)
    .option('--no-wait', 'do not wait until it is filled')
    .addHelpText(
      'after',
      '\nWithout --disk the machine is another one, with the same name and addresses. The old one must be off, by proof of\nits fence device or by `keelson fence confirm`: keys and the token are issued anew, and it is not let in any more.\nThen, on the new one: `keelson cluster join`, with what `keelson cluster join-secret` prints on the other node.\nWith --disk alone the node may be running or off. Nothing is edited by hand.\nUntil the disk is filled, only the other node has the data: `keelson status` tells how far it is.\nWhat is interrupted goes on by itself; with another --disk it begins anew with that one.',
    )
    .action(async (...given) => {
      const { replace } = await import('./commands/replace.ts');
      await replace(sessionOf(ranBy(given)), given[0] as string, given[1] as ReplaceOptions);
    });
  leaf(
    node,
    'leave [name]',
    'hand over what a node runs (default: this one) and wait, so that it can be switched off without being fenced',
  )
    .option('--force', FORCE)
    .option('--timeout <time>', 'give up waiting after this; it goes on leaving', '5min')
    .action(async (...given) => {
      const { leave } = await import('./commands/leave.ts');
      await leave(
        sessionOf(ranBy(given)),
        given[0] as string | undefined,
        given[1] as { force?: boolean; timeout: string },
      );
    });
}

/** `keelson resource` */
export function addResources(program: Command): void {
  const resource = program.command('resource').description('what the engine makes LUNs and portals of');
  leaf(resource, 'list', 'list the resources, where they are active, and what was asked for them').action(
    async (...given) => (await import('./commands/resources.ts')).list(sessionOf(ranBy(given))),
  );
  leaf(resource, 'set <name>', 'ask for something; the rest stays as it is')
    .option('--managed <on|off>', 'off: looked at, and otherwise left alone')
    .option('--maintenance <on|off>', 'on: left alone, and not even looked at')
    .option('--target-role <role>', 'started or stopped')
    .option(
      '--on-fail <operation=answer>',
      'what a failed start, stop, monitor, promote or demote leads to: ignore, block, stop, restart, demote, fence or standby; may be given again',
      collect,
    )
    .option('--start-delay <time>', 'a start begins so much later, such as 10s')
    .option('--migration-threshold <count>', 'failures on a node from which on it may not run there')
    .option('--failure-timeout <time>', 'failures are forgotten after this, such as 5min')
    .option(
      '--on-drift <answer>',
      'what somebody changed in the kernel behind its back: repair (the default) or report',
    )
    .action(async (...given) => {
      const { set } = await import('./commands/resources.ts');
      await set(sessionOf(ranBy(given)), given[0] as string, given[1] as SetOptions);
    });
  leaf(resource, 'unset <name> [what...]', 'go back to the default of all, or of the options named')
    .addHelpText(
      'after',
      '\nWHAT is managed, maintenance, target-role, on-fail, start-delay, migration-threshold, failure-timeout or on-drift.',
    )
    .action(async (...given) => {
      const { unset } = await import('./commands/resources.ts');
      await unset(sessionOf(ranBy(given)), given[0] as string, given[1] as readonly string[]);
    });
}
