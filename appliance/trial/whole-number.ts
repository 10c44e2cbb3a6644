import { InvalidArgumentError } from 'commander';

/** For an option of commander that takes a count. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It is a whole number from 1 up.');
  return number;
}
