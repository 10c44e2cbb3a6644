/** A range as date rules write it: `5`, `9-17`, `9-` (from), `-17` (up to). `undefined`: no range. */
export function parseRange(text: string): { readonly low: number; readonly high: number } | undefined {
  const match = /^(?:\s*([+]?[0-9]+))?(-)?(?:\s*([+-]?[0-9]+))?$/.exec(text);
  if (match === null) return undefined;
  const low = match[1] === undefined ? undefined : Number(match[1]);
  const high = match[3] === undefined ? undefined : Number(match[3]);
  if (low === undefined && high === undefined) return undefined;
  if (match[2] === undefined) return low === undefined ? undefined : { low, high: low };
  return { low: low ?? -Infinity, high: high ?? Infinity };
}
