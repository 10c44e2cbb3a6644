import { failed, failure, success, type RequestTerms, type Result } from '../model/index.ts';
import type { Endpoint, Parameter } from './endpoint.ts';

export const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  description:
    'The `ETag` of an earlier answer: nothing is changed where the object is another one by now (`precondition_failed`). Judged by the engine when the turn of the change comes in the order that all nodes share, so that of two changes with the same ETag one at most is made.',
  schema: { type: 'string' },
};

export const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A text of the client’s own, such as a random UUID: the same request with the same key is carried out once, and answered with the same object and operation, whichever node is asked and whatever was restarted in between. It stands in the configuration, for a day or until 256 later ones. Requests that were refused are not remembered.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** RFC 9110, 8.8.3. */
const TAG = /^(W\/)?"([\x21\x23-\x7e]{0,128})"$/;
const MOST_TAGS = 16;

/** What the headers say that the endpoint knows; others are left alone. */
export function termsOf(
  { parameters }: Pick<Endpoint, 'parameters'>,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Result<RequestTerms> {
  const given = (parameter: Parameter): string | undefined =>
    parameters.includes(parameter) ? headers[parameter.name.toLowerCase()]?.toString() : undefined;
  const tags = tagsOf(given(ifMatch));
  if (!tags.ok) return tags;
  const key = keyOf(given(idempotencyKey));
  return key.ok ? success({ ifMatch: tags.value, key: key.value }) : key;
}

function tagsOf(header: string | undefined): Result<readonly string[] | undefined> {
  if (header === undefined) return success(undefined);
  if (header.trim() === '*') return success(['*']);
  const matches = header.split(',').map((one) => TAG.exec(one.trim()));
  if (matches.length > MOST_TAGS || matches.includes(null))
    return failed(failure('header_invalid', 'If-Match: must be tags in quotes, such as "a1b2", or *'));
  // A weak tag never matches (RFC 9110, 13.1.1); nor does `*` in quotes mean any.
  const strong = matches.flatMap((match) => (match?.[1] === undefined ? [match?.[2] ?? ''] : []));
  return success(strong.filter((tag) => tag !== '*' && tag !== '').concat(NO_TAG));
}

/** No object has it: a condition stays one, whatever was left out of it. */
const NO_TAG = ['none'];

/** In quotes, as a structured header is, or bare, as most clients send it. */
function keyOf(header: string | undefined): Result<string | undefined> {
  if (header === undefined) return success(undefined);
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  return /^[\x21-\x7e]{1,255}$/.test(key) && !(key in Object.prototype)
    ? success(key)
    : failed(
        failure('header_invalid', 'Idempotency-Key: must be 1 to 255 printable characters without blanks'),
      );
}

/** The header of an answer about one object. */
export const etagHeader = (view: object): Readonly<Record<string, string>> => {
  const { etag } = view as { readonly etag?: unknown };
  return typeof etag === 'string' ? { etag: `"${etag}"` } : {};
};
