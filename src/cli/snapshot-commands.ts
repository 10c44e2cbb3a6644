import type { Command } from 'commander';
import type { CloneOptions } from './commands/clones.ts';
import type { RollbackOptions } from './commands/rollback.ts';
import type { ListOptions } from './commands/snapshots.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson snapshot` */
export function addSnapshots(program: Command): void {
  const snapshot = program
    .command('snapshot')
    .description('what thin LUNs held at one instant; a snapshot is LUN@NAME, such as db@before-upgrade');
  leaf(snapshot, 'create <lun@name>', 'keep what a thin LUN holds now, while it is served')
    .option('--no-wait', 'do not wait until it is made')
    .addHelpText(
      'after',
      '\nAll of it is of one instant, as after a loss of power: all that was acknowledged before is in it. File systems with a\njournal, and databases, come up from that; for a clean one, freeze or flush on the host first (fsfreeze, a backup mode).\nIt takes no space at first, and then that of each block the LUN has anew. Thick LUNs have none.',
    )
    .action(async (...given) => {
      const { create } = await import('./commands/snapshots.ts');
      await create(sessionOf(ranBy(given)), given[0] as string, given[1] as { wait: boolean });
    });
  leaf(snapshot, 'list', 'list the snapshots')
    .option('--name <name>', 'only this one; db@nightly* for all whose names begin so')
    .option('--lun <lun>', 'only those of this LUN')
    .option('--pool <pool>', 'only those of this pool')
    .option('--state <state>', 'only those that are creating, ready or deleting')
    .action(async (...given) => {
      const { list } = await import('./commands/snapshots.ts');
      await list(sessionOf(ranBy(given)), given[0] as ListOptions);
    });
  leaf(snapshot, 'show <lun@name>', 'all about a snapshot').action(async (...given) =>
    (await import('./commands/snapshots.ts')).show(sessionOf(ranBy(given)), given[0] as string),
  );
  addRollback(snapshot);
  leaf(snapshot, 'delete <lun@name>', 'delete a snapshot; its LUN, other snapshots and clones lose nothing')
    .option('--no-wait', 'do not wait until it is gone')
    .action(async (...given) => {
      const { remove } = await import('./commands/snapshots.ts');
      await remove(sessionOf(ranBy(given)), given[0] as string, given[1] as { wait: boolean });
    });
}

const addRollback = (snapshot: Command): Command =>
  leaf(
    snapshot,
    'rollback <lun@name>',
    'give the LUN the data of the snapshot, unless a host of it is logged in; asks before',
  )
    .option('--discard', 'do not keep what the LUN holds now')
    .option('--acknowledge <words>', 'the words that are asked for otherwise: "roll back LUN"')
    .option('--force', 'also while a host is logged in, whose disk then fails under it')
    .option('--no-wait', 'do not wait until the LUN is served again')
    .addHelpText(
      'after',
      '\nNo host sees the LUN meanwhile; it comes back with the same number, serial and size. Unmount it on the hosts before,\nand log out: what they have in memory is of other data. The snapshot stays as it is. What the LUN held becomes a\nsnapshot too, LUN@before-rollback-N, so that the way back is another rollback; delete it when it is not needed any more.',
    )
    .action(async (...given) => {
      const { rollback } = await import('./commands/rollback.ts');
      await rollback(sessionOf(ranBy(given)), given[0] as string, given[1] as RollbackOptions);
    });

/** `keelson lun clone` */
export function addClone(lun: Command): void {
  leaf(lun, 'clone <from> <name>', 'make a LUN of a snapshot (LUN@NAME), or of a thin LUN as it is now')
    .option('--target <target>', 'the target to reach it through (default: the first of the pool)')
    .option('--host <name>', 'a host that may use it; may be given again (default: nobody)', collect)
    .option('--read-only-host <name>', 'a host that may only read it; may be given again', collect)
    .option('--no-wait', 'do not wait until it is made')
    .addHelpText(
      'after',
      '\nIt is a LUN of its own, with another serial and number, and stays when the other one goes. Both share the blocks that\nneither has written since. A host that sees both finds the same file systems (and LVM groups) twice: show it to\nanother host, or give them new identities there first.',
    )
    .action(async (...given) => {
      const { clone } = await import('./commands/clones.ts');
      await clone(sessionOf(ranBy(given)), given[0] as string, given[1] as string, given[2] as CloneOptions);
    });
}
