import { z } from 'zod';
import type { Parameter } from '../endpoint.ts';
import { nameSchema } from '../schemas/index.ts';

export const inPath = (name: string, description: string, schema: z.ZodType): Parameter => ({
  name,
  in: 'path',
  description,
  schema: z.toJSONSchema(schema, { io: 'input' }),
});

export const nodeInPath = inPath('name', 'Name of the node', nameSchema);
