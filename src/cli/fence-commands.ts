import type { Command } from 'commander';
import type { DiscoverOptions } from './commands/fence-discover.ts';
import type { FenceTestOptions, WaiveOptions } from './commands/fence-test.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson fence` */
export function addFencing(program: Command): void {
  const fence = program.command('fence').description('what puts a node out that cannot be trusted any more');
  leaf(fence, 'list', 'list the fence devices of every node, and whether they would work now').action(
    async (...given) => (await import('./commands/fence.ts')).list(sessionOf(ranBy(given))),
  );
  leaf(
    fence,
    'test <node>',
    'have a node put out and come back, by each level of its fence devices, and record that it works',
  )
    .option('--level <number>', 'only this level of devices')
    .option('--dry', 'only ask the devices, and switch nothing')
    .option('--timeout <time>', 'give up waiting after this; the test goes on', '20min')
    .addHelpText(
      'after',
      '\nThe node loses its power without a warning. Refused while it serves data, or the other copy is not current.',
    )
    .action(async (...given) => {
      const { test } = await import('./commands/fence-test.ts');
      await test(sessionOf(ranBy(given)), given[0] as string, given[1] as FenceTestOptions);
    });
  leaf(
    fence,
    'waive <node>',
    'answer for a node whose fencing was never tested; the status goes on saying so',
  )
    .option('--reason <text>', 'why it is not tested')
    .option('--end', 'ask for a test again')
    .action(async (...given) => {
      const { waive } = await import('./commands/fence-test.ts');
      await waive(sessionOf(ranBy(given)), given[0] as string, given[1] as WaiveOptions);
    });
  leaf(
    fence,
    'action <reboot|off|default>',
    'what becomes of nodes that were fenced: their power comes back, or they stay off until `keelson node power-on`',
  )
    .option('--node <name>', 'only of this node; `default` gives back what the cluster is asked')
    .addHelpText(
      'after',
      '\nThat a node is off is proven in the same way in both cases, and what it ran is started elsewhere as soon.',
    )
    .action(async (...given) => {
      const { action } = await import('./commands/fence-action.ts');
      const { node } = given[1] as { node?: string };
      await action(sessionOf(ranBy(given)), given[0] as string, node);
    });
  leaf(fence, 'history', 'list the nodes that were put out: why, by whom, by what, and how long it took')
    .option('--limit <number>', 'so many at most', '20')
    .action(async (...given) => {
      const { history } = await import('./commands/fence-test.ts');
      await history(sessionOf(ranBy(given)), (given[0] as { limit: string }).limit);
    });
  leaf(
    fence,
    'discover [kind] [place...]',
    'ask a device what it can switch, and propose what belongs to which node; changes nothing',
  )
    .option(
      '--file <file>',
      'the device as in a cluster file (YAML or JSON), for SNMP 3; - is standard input',
    )
    .option(
      '--node <name>',
      'for whom something is looked for; may be given again (default: the nodes of the cluster)',
      collect,
    )
    .option('--port <number>', 'where the device does not listen on the usual one')
    .option('--username <name>', 'of ipmi, and of a libvirt that asks for one')
    .option('--family <name>', 'of a pdu: apc (default), apc-masterswitch, cyberpower, eaton or raritan')
    .option('--secret-file <file>', 'file with the password, or the community of a pdu; - is standard input')
    .addHelpText(
      'after',
      '\nKIND and PLACE are ipmi ADDRESS, pdu ADDRESS (SNMP 2c), libvirt URI, or sbd DISK..., as this node sees them. A password that is needed and not given is asked for.',
    )
    .action(async (...given) => {
      const { discover } = await import('./commands/fence-discover.ts');
      await discover(
        sessionOf(ranBy(given)),
        given[0] as string | undefined,
        given[1] as readonly string[],
        given[2] as DiscoverOptions,
      );
    });
  leaf(
    fence,
    'confirm <node>',
    'say that a lost node has no power, having seen it: what it ran is started elsewhere',
  )
    .option('--acknowledge <words>', 'the words that are asked for otherwise: "NODE is off"')
    .addHelpText(
      'after',
      '\nOnly where no fence device can tell. If the node runs after all, both write, and data is lost.',
    )
    .action(async (...given) => {
      const { confirm } = await import('./commands/fence.ts');
      await confirm(
        sessionOf(ranBy(given)),
        given[0] as string,
        (given[1] as { acknowledge?: string }).acknowledge,
      );
    });
}
