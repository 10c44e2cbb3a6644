/** The same without these fields: what is not there has no name in the hash either. */
export function leaveOut<Value extends object, Name extends keyof Value>(
  value: Value,
  ...names: readonly Name[]
): Omit<Value, Name> {
  const rest: Partial<Value> = { ...value };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest as Omit<Value, Name>;
}
