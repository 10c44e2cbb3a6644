/** Program: `npm run sim`. Ends with 1 where a property did not hold, with 2 where it was called wrongly. */
import { BadArgument, HELP, readArguments } from './arguments.ts';
import { plantByName } from './bug.ts';

/** What loads the engine is imported when a bug may have been planted in it. */
async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  switch (wish.kind) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'many':
      return (await import('./many.ts')).many(wish);
    case 'one':
      if (wish.bug !== undefined) await plantByName(wish.bug);
      return (await import('./one.ts')).one(wish);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BadArgument)) throw error;
  console.error(`sim: ${error.message}; --help tells what there is`);
  process.exitCode = 2;
}
