/** The parts of crm_simulate's output, without their headings, trimmed. */
export interface Sections {
  readonly status: string;
  readonly summary: string;
  readonly execution: string;
  readonly revised: string;
}

const HEADINGS = {
  status: 'Current cluster status:',
  summary: 'Transition Summary:',
  execution: 'Executing Cluster Transition:',
  revised: 'Revised Cluster Status:',
} as const;

/** Everything before the first heading (date, counts of disabled resources) belongs to the status. */
export const sections = (text: string): Sections => {
  const found = {
    status: [] as string[],
    summary: [] as string[],
    execution: [] as string[],
    revised: [] as string[],
  };
  let current: keyof Sections = 'status';
  for (const line of text.split('\n')) {
    const heading = (Object.keys(HEADINGS) as (keyof Sections)[]).find((name) => HEADINGS[name] === line);
    if (heading !== undefined) current = heading;
    // The date is repeated where the state after is shown; it belongs to no part.
    else if (!line.startsWith('Using the original execution date of:')) found[current].push(line);
  }
  const joined = (name: keyof Sections): string => found[name].join('\n').trim();
  return {
    status: joined('status'),
    summary: joined('summary'),
    execution: joined('execution'),
    revised: joined('revised'),
  };
};
