import { z } from 'zod';
import { failures, type FailureCode } from '../../model/index.ts';

export const FailureCodes = z
  .enum(Object.keys(failures) as [FailureCode, ...FailureCode[]])
  .meta({ id: 'FailureCode' });

export const Failed = z.object({ code: FailureCodes, message: z.string() }).meta({ id: 'Failure' });
