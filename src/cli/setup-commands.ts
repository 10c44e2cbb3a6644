import type { Command } from 'commander';
import type { SetupOptions } from './commands/setup.ts';
import { leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson setup` */
export function addSetup(program: Command): void {
  leaf(
    program,
    'setup',
    'make a SAN of this node and another one: asks what it cannot find out, shows the plan, carries it out, and goes on where it was interrupted',
  )
    .option(
      '--answers <file>',
      'take the answers from this file (YAML or JSON, docs/setup.md) and ask nothing',
    )
    .option('--ask', 'with --answers: ask for what the file leaves open, rather than take what is proposed')
    .option('--plan-only', 'show the plan, and change nothing')
    .option('--save-answers <file>', 'write the answers there, passwords included, for another set-up')
    .option('--start-over', 'forget the answers of an earlier attempt; only before the cluster is formed')
    .option('--state <file>', 'where it keeps how far it is', '/var/lib/keelson/setup.json')
    .option('--wait-for-host', 'with --answers: wait at the end until the first host has logged in')
    .addHelpText(
      'after',
      '\nOn the other node, type `keelson cluster join-code` first: setup asks for that code. Nothing is changed before the\nplan was shown and confirmed. Ctrl-C at any moment, a power cut or a lost connection do no harm: type `keelson setup`\nagain. With `<` you go back to the question before. Both nodes lose their power once, to test the fencing.',
    )
    .action(async (...given) => {
      const { setup } = await import('./commands/setup.ts');
      await setup(sessionOf(ranBy(given)), given[0] as SetupOptions);
    });
}
