/**
 * Program: the simulation with one bug planted in the engine, or with none. The bug comes as the first message, then
 * questions about seeds, each answered with a verdict. The engine's files on disk are never touched: the text is changed while Node
 * loads it, in this process only.
 */
import { once } from 'node:events';
import { plantWhileLoading } from './plant-while-loading.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Question, Verdict } from './verdict.ts';

const send = (verdict: Verdict): void => void process.send?.(verdict);

/** Messages of code that is not a mistake but nonsense: such a bug would be found by any run at all. */
const NONSENSE = /ReferenceError|SyntaxError/;

async function main(): Promise<void> {
  const [bug] = (await once(process, 'message')) as [PlantedBug | null];
  const missing = bug === null ? new Set() : plantWhileLoading(bug);
  const { simulate } = await import('../simulation/simulate.ts');
  if (bug !== null && missing.size > 0)
    throw new Error(`${bug.name} changes ${[...missing].join(', ')}, which the simulation does not load`);
  const { smallest, told } = await import('../simulation/smallest.ts');
  process.on('message', (question: Question) => {
    const { seed } = question;
    try {
      if (question.kind === 'tell') {
        const found = smallest(seed);
        return send({
          kind: 'story',
          text: found === undefined ? 'it does not fail' : told(seed, found, bug?.name),
        });
      }
      const { violation, faults } = simulate(seed);
      // Whoever was told what is not so made no mistake.
      if (violation === undefined || violation.cause !== undefined) send({ kind: 'well', faults });
      else if (NONSENSE.test(violation.message)) send({ kind: 'broken', message: violation.message });
      else send({ kind: 'violation', property: violation.property, message: violation.message, faults });
    } catch (error) {
      send({ kind: 'broken', message: textOf(error) });
    }
  });
  send({ kind: 'ready' });
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

await main().catch((error: unknown) => {
  send({ kind: 'broken', message: textOf(error) });
  process.disconnect();
});
