import { writeIfDifferent, type Configfs } from '../configfs/configfs.ts';
import { acl, portalGroup } from '../configfs/places.ts';
import type { TargetParameters } from './parameters.ts';
import { removeAcl } from './remove.ts';

/** Written, it takes a word of CHAP away; read, it is one that was taken away. */
const NONE = 'NULL';

type Attribute = readonly [name: string, value: string];

/** Whether anybody has to prove anything. */
const asksForProof = ({ chapUsers }: TargetParameters): boolean => Object.keys(chapUsers).length > 0;

/** Of the portal group: nobody gets in without CHAP whose own entry does not say otherwise. */
export const authentication = (parameters: TargetParameters): Attribute => [
  'authentication',
  asksForProof(parameters) ? '1' : '0',
];

/** -1: as the portal group has it. Only where some have to prove something, each entry says for itself who. */
function ownAuthentication(parameters: TargetParameters, initiator: string): Attribute {
  const own = Object.hasOwn(parameters.chapUsers, initiator) ? '1' : '0';
  return ['attrib/authentication', asksForProof(parameters) ? own : '-1'];
}

const credentials = (parameters: TargetParameters, initiator: string): readonly Attribute[] => [
  ['auth/userid', parameters.chapUsers[initiator] ?? NONE],
  ['auth/password', parameters.chapSecrets[initiator] ?? NONE],
  ['auth/userid_mutual', parameters.mutualUsers[initiator] ?? NONE],
  ['auth/password_mutual', parameters.mutualSecrets[initiator] ?? NONE],
];

/** A kernel before 6.0 has no `authentication` in an entry: there, either all have CHAP or nobody has. */
async function isThere(configfs: Configfs, path: string, [name, value]: Attribute): Promise<boolean> {
  const found = await configfs.read(`${path}/${name}`);
  if (value === NONE) return found === undefined || found === '' || found === NONE;
  if (name === 'attrib/authentication' && found === undefined) return value !== '0';
  return found === value;
}

async function ensure(configfs: Configfs, path: string, attribute: Attribute): Promise<void> {
  if (await isThere(configfs, path, attribute)) return;
  const [name, value] = attribute;
  await configfs.write(`${path}/${name}`, value);
}

/**
 * Lets in who is to be let in, and nobody else; only entries that are not as they should be are touched, and no session
 * but those of an entry that goes. At no moment does anybody get in by name alone who has to prove something.
 */
export async function ensureAccess(configfs: Configfs, parameters: TargetParameters): Promise<void> {
  const { iqn, initiators } = parameters;
  const group = portalGroup(iqn);
  const present = (await configfs.folders(`${group}/acls`)) ?? [];
  for (const initiator of present)
    if (!initiators.includes(initiator)) await removeAcl(configfs, iqn, initiator);

  const [name, value] = authentication(parameters);
  // Who need not prove anything is told apart before all others have to.
  if (asksForProof(parameters))
    for (const initiator of initiators)
      if (present.includes(initiator) && !Object.hasOwn(parameters.chapUsers, initiator))
        await ensure(configfs, acl(iqn, initiator), ownAuthentication(parameters, initiator));
  await writeIfDifferent(configfs, `${group}/attrib/${name}`, value);

  for (const initiator of initiators) {
    const path = acl(iqn, initiator);
    if (!present.includes(initiator)) await configfs.makeFolder(path);
    for (const attribute of [...credentials(parameters, initiator), ownAuthentication(parameters, initiator)])
      await ensure(configfs, path, attribute);
  }
}

/** Initiators whose entry asks for something else than it should; never what. */
export async function otherwiseAsked(
  configfs: Configfs,
  parameters: TargetParameters,
  present: readonly string[],
): Promise<readonly string[]> {
  const known = parameters.initiators.filter((initiator) => present.includes(initiator));
  const right = await Promise.all(
    known.map(async (initiator) => {
      const wanted = [...credentials(parameters, initiator), ownAuthentication(parameters, initiator)];
      const found = wanted.map((attribute) => isThere(configfs, acl(parameters.iqn, initiator), attribute));
      return (await Promise.all(found)).every(Boolean);
    }),
  );
  return known.filter((_, index) => right[index] === false);
}
