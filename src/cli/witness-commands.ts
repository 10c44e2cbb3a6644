import type { Command } from 'commander';
import type { AddOptions } from './commands/witness.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson witness` */
export function addWitness(program: Command): void {
  const witness = program
    .command('witness')
    .description('the third machine that decides which of two nodes goes on after a split');
  leaf(witness, 'add', 'give a cluster that is there a witness, prepared there by `keelson-witness setup`')
    .requiredOption('--address <address>', 'of the witness: an IPv4 address, not a host name')
    .option(
      '--secret-file <file>',
      'file with what `keelson-witness setup` printed on the witness; - is standard input. The environment variable KEELSON_WITNESS_SECRET serves too',
    )
    .option(
      '--tls <manner>',
      'off, on (encrypted where the witness has a certificate) or required (default: required with a secret, off without)',
    )
    .option(
      '--ping <address>',
      'heuristics: a half goes before the other where this address answers it; may be given again',
      collect,
    )
    .option(
      '--program <name>',
      'heuristics: the same where this program of /etc/keelson/heuristics ends with 0; may be given again',
      collect,
    )
    .option(
      '--heuristics <mode>',
      'on (always; the default) or sync (when membership changes, and when the witness is reached)',
    )
    .option('--heuristics-timeout <time>', 'heuristics that take longer have failed (default: 5s)')
    .option('--no-wait', 'do not wait until all nodes go by the new rules')
    .addHelpText(
      'after',
      '\nRefused while a node is away. For the seconds until the witness has given its vote, both nodes are needed for quorum. Changing a witness: remove it, and add it anew.',
    )
    .action(async (...given) => {
      const { add } = await import('./commands/witness.ts');
      await add(sessionOf(ranBy(given)), given[0] as AddOptions);
    });
  leaf(witness, 'remove', 'take the witness away; the rules without one hold again')
    .option('--no-wait', 'do not wait until all nodes go by them')
    .addHelpText(
      'after',
      '\nRefused while a node is away. It also ends an addition that does not get on. Without a witness, of two nodes that lose each other the one that fences the other goes on, and one that boots alone waits for the other.',
    )
    .action(async (...given) => {
      const { remove } = await import('./commands/witness.ts');
      await remove(sessionOf(ranBy(given)), given[0] as { wait: boolean });
    });
}
