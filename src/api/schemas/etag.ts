import { z } from 'zod';

export const etagSchema = z
  .string()
  .optional()
  .meta({ description: 'For If-Match, there in quotes: of what is configured, not of who serves it' });
