/** Says, in one line, what the lab is about to do. */
export type Progress = (line: string) => void;

/** Progress on standard error, each line with the seconds since the start. */
export function progressTo(stream: NodeJS.WritableStream): Progress {
  const start = performance.now();
  return (line) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    stream.write(`lab ${seconds} s  ${line}\n`);
  };
}
