import type { Command } from 'commander';
import { leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson fence` */
export function addFencing(program: Command): void {
  const fence = program.command('fence').description('what puts a node out that cannot be trusted any more');
  leaf(fence, 'list', 'list the fence devices of every node, and whether they would work now').action(
    async (...given) => (await import('./commands/fence.ts')).list(sessionOf(ranBy(given))),
  );
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
