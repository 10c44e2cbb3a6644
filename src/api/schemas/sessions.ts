import { z } from 'zod';
import type { SessionsView } from '../../model/index.ts';
import { describes } from './json.ts';

export const Sessions = describes<SessionsView>()(
  z
    .object({
      sessions: z.array(
        z.object({
          host: z.string().optional().meta({ description: 'Absent: no host has this initiator' }),
          initiator: z
            .string()
            .optional()
            .meta({ description: 'Absent where the kernel does not say whose connection it is' }),
          address: z.string().optional().meta({ description: 'Of the host' }),
          portal: z.string().optional().meta({ description: 'The address it is connected to' }),
          target: z.string(),
          node: z.string(),
        }),
      ),
      unseen: z.array(z.object({ target: z.string(), node: z.string() })).meta({
        description: 'What could not be looked at just now: of it, the last that was known is listed',
      }),
    })
    .meta({ id: 'Sessions' }),
);
