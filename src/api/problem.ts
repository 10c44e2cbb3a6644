import { failures, type Failure } from '../model/index.ts';

/** RFC 9457's media type. */
export const problemType = 'application/problem+json';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Failure['code'];
  readonly next: string;
  /** Of the object as it is now, where `precondition_failed`. */
  readonly etag?: string;
}

/** The one shape in which the API says no: the table `failures` and what was seen. */
export function problemOf(failure: Failure): Problem {
  const { status, title, next } = failures[failure.code];
  return {
    type: `urn:keelson:error:${failure.code}`,
    title,
    status,
    detail: failure.message,
    code: failure.code,
    next,
    ...(failure.etag === undefined ? {} : { etag: failure.etag }),
  };
}
