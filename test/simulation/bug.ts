import { BadArgument } from './arguments.ts';

/** Plants a bug of the hunt in the engine, which must not be loaded yet. */
export async function plantByName(name: string): Promise<void> {
  const { plantedBugs } = await import('../hunt/bugs/index.ts');
  const { plantWhileLoading } = await import('../hunt/plant-while-loading.ts');
  const bug = plantedBugs.find((planted) => planted.name === name);
  if (bug === undefined)
    throw new BadArgument(`there is no planted bug ${name}; npm run hunt -- --list names them`);
  plantWhileLoading(bug);
}
