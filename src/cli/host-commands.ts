import type { Command } from 'commander';
import type { CreateOptions, ListOptions, SetOptions } from './commands/hosts.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';

const FORCE = 'also while a host is logged in, whose disk then fails under it';

const SECRETS = `
A secret has 12 to 16 printable characters without blanks; that of the target is another one than that of the host.
It is read from a file, with - from standard input, or with the word prompt from the terminal, where it is not shown.
It is never shown again.`;

const chapOptions = (command: Command): Command =>
  command
    .option('--chap-user <name>', 'what the host calls itself at a login (default: the name of the host)')
    .option('--chap-secret-file <file>', 'have the host prove itself at a login by the secret in this file')
    .option('--mutual-chap-user <name>', 'what the target calls itself (default: the name of the cluster)')
    .option(
      '--mutual-chap-secret-file <file>',
      'have the target prove itself too, by the secret in this file',
    );

/** `keelson host` */
export function addHosts(program: Command): void {
  const host = program.command('host').description('the machines that use LUNs, by their iSCSI initiators');
  chapOptions(
    leaf(host, 'create <name>', 'make a host, or find it made with the same parameters').requiredOption(
      '--initiator <iqn>',
      'an initiator of the host (on Linux: /etc/iscsi/initiatorname.iscsi); may be given again',
      collect,
    ),
  )
    .addHelpText('after', SECRETS)
    .action(async (...given) => {
      const { create } = await import('./commands/hosts.ts');
      await create(sessionOf(ranBy(given)), given[0] as string, given[1] as CreateOptions);
    });
  leaf(host, 'list', 'list the hosts, and which of them are logged in')
    .option('--name <name>', 'only this one; web* for all whose names begin with web')
    .option('--initiator <iqn>', 'only the host that has this initiator')
    .option('--lun <name>', 'only those that may use this LUN')
    .option('--logged-in', 'only those that are logged in now')
    .option('--no-logged-in', 'only those that are not')
    .action(async (...given) => {
      const { list } = await import('./commands/hosts.ts');
      await list(sessionOf(ranBy(given)), given[0] as ListOptions);
    });
  leaf(host, 'show <name>', 'all about a host but its secrets').action(async (...given) =>
    (await import('./commands/hosts.ts')).show(sessionOf(ranBy(given)), given[0] as string),
  );
  leaf(host, 'sessions [name]', 'who is connected now, from where and through which portal')
    .addHelpText(
      'after',
      '\nThe nodes look before it is answered. Who is logged in is certain; a host that has lost its power counts as\nlogged in until the target has missed its answers, about a minute later. Whether a LUN is mounted there, only the\nhost knows. An initiator with a dash has a connection that the kernel does not name.',
    )
    .action(async (...given) => {
      const { sessions } = await import('./commands/sessions.ts');
      await sessions(sessionOf(ranBy(given)), given[0] as string | undefined);
    });
  leaf(host, 'connect-info <name>', 'what to type on a host so that it uses its LUNs')
    .option('--for <system>', 'linux, windows or esxi', 'linux')
    .action(async (...given) => {
      const { connectInfo } = await import('./commands/connect-info.ts');
      await connectInfo(sessionOf(ranBy(given)), given[0] as string, given[1] as { for: string });
    });
  chapOptions(
    leaf(host, 'set <name>', 'change a host; what is not named stays as it is')
      .option('--initiator <iqn>', 'its initiators from now on; may be given again', collect)
      .option('--no-chap', 'have nobody prove anything: the names of its initiators are enough')
      .option('--no-mutual-chap', 'have the target prove nothing')
      .option('--force', FORCE),
  )
    .addHelpText(
      'after',
      `${SECRETS}\n\nSessions that are there go on: a changed secret counts from the next login on.`,
    )
    .action(async (...given) => {
      const { set } = await import('./commands/hosts.ts');
      await set(sessionOf(ranBy(given)), given[0] as string, given[1] as SetOptions);
    });
  leaf(host, 'delete <name>', 'delete a host that sees no LUN and is not logged in')
    .option('--force', FORCE)
    .action(async (...given) => {
      const { remove } = await import('./commands/hosts.ts');
      await remove(sessionOf(ranBy(given)), given[0] as string, given[1] as { force?: boolean });
    });
}

/** `keelson lun map` and `unmap` */
export function addMappings(lun: Command): void {
  leaf(lun, 'map <lun> <host>', 'show a LUN to a host, at once and without touching any other')
    .option('--read-only', 'the host cannot write; without it, it can')
    .action(async (...given) => {
      const { map } = await import('./commands/hosts.ts');
      const { readOnly } = given[2] as { readOnly?: boolean };
      await map(sessionOf(ranBy(given)), given[0] as string, given[1] as string, readOnly === true);
    });
  leaf(lun, 'unmap <lun> <host>', 'hide a LUN from a host that is not logged in')
    .option('--force', FORCE)
    .action(async (...given) => {
      const { unmap } = await import('./commands/hosts.ts');
      const options = given[2] as { force?: boolean };
      await unmap(sessionOf(ranBy(given)), given[0] as string, given[1] as string, options);
    });
}
