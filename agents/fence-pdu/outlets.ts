import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { Power } from '../../src/ports/index.ts';
import type { Family } from './families.ts';
import type { PduSession } from './session.ts';

/** As the unit itself numbers it: what follows a column in an OID. */
export interface Outlet {
  readonly name: string;
  readonly index: string;
}

const unknown = (text: string): Result<never> => failed(failure('fence_outlet_unknown', text));

/**
 * Found by their names anew each time: who moves a plug renames its outlet, and a number would switch off another
 * machine then. A name that two outlets bear is no name.
 */
export async function findOutlets(
  session: PduSession,
  family: Family,
  wanted: readonly string[],
): Promise<Result<readonly Outlet[]>> {
  const isNamed = (name: string): boolean => !name.startsWith('#');
  const names = wanted.some(isNamed)
    ? await session.column(family.names)
    : success(new Map<string, unknown>());
  if (!names.ok) return names;
  const named = [...names.value].map(([index, value]) => ({ index, name: textOf(value) }));
  const outlets: Outlet[] = [];
  for (const name of wanted) {
    const found = isNamed(name)
      ? named.filter((outlet) => outlet.name === name)
      : [{ name, index: name.slice(1) }];
    const [first, second] = found;
    if (first === undefined) return unknown(`no outlet is called '${name}'; there are: ${list(named)}`);
    if (second !== undefined)
      return unknown(`outlets ${found.map(({ index }) => index).join(' and ')} are both called '${name}'`);
    outlets.push(first);
  }
  return success(outlets);
}

export const textOf = (value: unknown): string =>
  (Buffer.isBuffer(value) ? value.toString('utf8') : String(value)).replace(/\0+$/, '').trim();

const list = (named: readonly Outlet[]): string =>
  named.some(({ name }) => name !== '') ? named.map(({ name }) => name).join(', ') : 'none with a name';

/** Of each outlet; undefined: the unit says neither on nor off, as while it switches. */
export async function readOutlets(
  session: PduSession,
  family: Family,
  outlets: readonly Outlet[],
): Promise<Result<readonly (Power | undefined)[]>> {
  const read = await session.read(outlets.map(({ index }) => `${family.state}.${index}`));
  if (!read.ok) return read;
  return success(
    read.value.map((value) =>
      family.isOn.includes(value) ? 'on' : family.isOff.includes(value) ? 'off' : undefined,
    ),
  );
}
