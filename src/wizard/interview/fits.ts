import type { z } from 'zod';

/** What a schema has against a reply, in words; undefined: nothing. */
export function problemWith(schema: z.ZodType, reply: unknown): string | undefined {
  const parsed = schema.safeParse(reply);
  return parsed.success ? undefined : `it ${parsed.error.issues[0]?.message ?? 'does not fit'}`;
}
