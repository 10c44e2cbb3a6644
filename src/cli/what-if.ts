import type { Command } from 'commander';
import type { InjectionOption } from '../simulate/index.ts';
import type { ConvertOptions } from './commands/convert.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { SimulateOptions } from './commands/simulate.ts';
import { collect, leaf, ranBy, sessionOf } from './leaf.ts';

/** Events, in the words of the command line. */
const eventOptions: Readonly<Record<InjectionOption, readonly [value: string, meaning: string]>> = {
  'node-up': ['<node>', 'the node joins and is well'],
  'node-down': ['<node>', 'the node leaves in order'],
  'node-fail': ['<node>', 'the node is lost'],
  standby: ['<node>', 'the node is put in standby'],
  online: ['<node>', 'the node is taken out of standby'],
  fail: ['<resource[@node]>', 'the monitor of the resource finds it broken'],
  result: [
    '<operation@node=code>',
    'an operation had this exit code, such as web_monitor_10000@san-a=7 (interval in milliseconds)',
  ],
  quorum: ['<yes|no>', 'the partition gains or loses quorum'],
  'ticket-grant': ['<ticket>', 'the ticket is granted'],
  'ticket-revoke': ['<ticket>', 'the ticket is revoked'],
  'ticket-standby': ['<ticket>', 'the ticket is put in standby'],
  'ticket-activate': ['<ticket>', 'the ticket is taken out of standby'],
  'time-passes': ['<span>', 'time passes, such as 90s or 10m'],
};

/** Where the cluster is read from. */
const withDocument = (command: Command): Command =>
  command
    .option('--cib <file>', 'the cluster to look at, - is standard input (default: the live one)')
    .option('--from <format>', 'cib, crm or json; it is recognised where it is not given');

/** `keelson simulate`, `explain` and `convert`: what would be, and why. They change nothing. */
export function addWhatIf(program: Command): void {
  addSimulate(program);
  withDocument(
    leaf(
      program,
      'explain <resource> [node]',
      'why a resource is where it is, why not on that node, and what would have to change',
      'print the reasons as JSON',
    ),
  )
    .option('--at <time>', 'decide as at this time')
    .action(async (...given) => {
      const { explain } = await import('./commands/explain.ts');
      const [resource, node, options] = given as [string, string | undefined, ExplainOptions];
      await explain(sessionOf(ranBy(given)), resource, node, options);
    });
  program
    .command('convert <file>')
    .description('print a cluster in another form: CIB XML, the crm shell’s syntax, or JSON')
    .requiredOption('--to <format>', 'cib, crm or json')
    .option('--from <format>', 'cib, crm or json; it is recognised where it is not given')
    .option('--exact', 'keep even ids that nothing refers to, and fail where anything would be lost')
    .action(async (...given) => {
      const { convert } = await import('./commands/convert.ts');
      const [file, options] = given as [string, ConvertOptions];
      await convert(sessionOf(ranBy(given)), file, options);
    });
}

function addSimulate(program: Command): void {
  const events: (readonly [InjectionOption, string])[] = [];
  const simulate = withDocument(
    leaf(
      program,
      'simulate [file]',
      'what the cluster would do, and why; nothing is changed by it',
      'the same as --format json',
    ),
  )
    .option('--at <time>', 'decide as at this time (default: the execution-date of the document, or now)')
    .option('--run', 'carry the steps out on a copy, and show the cluster afterwards')
    .option(
      '--op-fail <operation@node=code>',
      'with --run: this operation fails; may be given again',
      collect,
    )
    .option('--scores', 'the scores that decided')
    .option('--explain', 'why each resource that changes is where it will be')
    .option('--format <format>', 'text, json, dot, svg, pacemaker, cib or crm (default: text)')
    .option('--save <file>', 'write the cluster afterwards: .xml, .crm, or JSON under any other name');
  for (const [option, [value, meaning]] of Object.entries(eventOptions) as [
    InjectionOption,
    readonly [string, string],
  ][])
    simulate.option(`--${option} ${value}`, `event: ${meaning}`, (given: string) => {
      events.push([option, given]);
      return given;
    });
  simulate.addHelpText(
    'after',
    '\nEvents may be given again and happen in the order in which they are given.',
  );
  simulate.action(async (...given) => {
    const commands = await import('./commands/simulate.ts');
    const [file, options] = given as [string | undefined, SimulateOptions];
    await commands.simulate(sessionOf(ranBy(given)), file, options, events);
  });
}
