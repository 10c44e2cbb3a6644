/** Lines of both with '-' (expected only), '+' (ours only) or ' ' before them: longest common subsequence. */
export const difference = (expected: readonly string[], actual: readonly string[]): string[] => {
  const rows = expected.length;
  const columns = actual.length;
  const width = columns + 1;
  const common = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        expected[row] === actual[column]
          ? (common[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0);
    }
  }
  const result: string[] = [];
  let row = 0;
  let column = 0;
  while (row < rows || column < columns) {
    if (row < rows && column < columns && expected[row] === actual[column]) {
      result.push(`  ${expected[row] ?? ''}`);
      row += 1;
      column += 1;
    } else if (
      column >= columns ||
      (row < rows && (common[(row + 1) * width + column] ?? 0) >= (common[row * width + column + 1] ?? 0))
    ) {
      result.push(`- ${expected[row] ?? ''}`);
      row += 1;
    } else {
      result.push(`+ ${actual[column] ?? ''}`);
      column += 1;
    }
  }
  return result;
};
