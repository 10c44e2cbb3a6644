import { formsOf } from './forms.ts';

/** What stands in the archive where a secret stood. */
export const MARK = '[secret removed]';

/** Takes what is secret out of a text. */
export type Filter = (text: string) => string;

/**
 * Takes out every one of the known values, also encoded, and what looks like a secret. A text is gone through once,
 * however many values there are: a SAN with 500 hosts knows 1000 secrets.
 */
export function createFilter(known: Iterable<string | Buffer>): Filter {
  const forms = new Set([...known].flatMap(formsOf));
  const byStart = new Map<string, string[]>();
  const short: string[] = [];
  for (const form of forms)
    if (form.length < START) short.push(form);
    else byStart.set(form.slice(0, START), [...(byStart.get(form.slice(0, START)) ?? []), form]);
  for (const list of byStart.values()) list.sort((left, right) => right.length - left.length);
  const words = wholeWords(short);
  return (text) => withoutPatterns(words(withoutForms(text, byStart)));
}

/** Forms are found by their first characters. */
const START = 4;

function withoutForms(text: string, byStart: ReadonlyMap<string, readonly string[]>): string {
  if (byStart.size === 0) return text;
  const first = new Set([...byStart.keys()].map((start) => start.charCodeAt(0)));
  const parts: string[] = [];
  let kept = 0;
  for (let at = 0; at + START <= text.length; at += 1) {
    if (!first.has(text.charCodeAt(at))) continue;
    const found = byStart.get(text.slice(at, at + START))?.find((form) => text.startsWith(form, at));
    if (found === undefined) continue;
    parts.push(text.slice(kept, at), MARK);
    kept = at + found.length;
    at = kept - 1;
  }
  return parts.length === 0 ? text : [...parts, text.slice(kept)].join('');
}

/** A value of one to three characters is taken out where it stands alone: elsewhere it is a part of other words. */
function wholeWords(values: readonly string[]): Filter {
  if (values.length === 0) return (text) => text;
  const any = values.map((value) => value.replaceAll(/[^\w]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, 'g');
  return (text) => text.replaceAll(pattern, MARK);
}

/** A value as it stands behind a name: quoted, also within a quoted text, or up to a blank. */
const VALUE = String.raw`(?:\\"(?:[^"\\]|\\[^"])*\\"|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,;&}\]"'\\]+)`;
const NAME = String.raw`(?:passw(?:or)?d|passphrase|passcode|secret|community|token|credential|api_?key|auth(?:entication)?_?key|priv(?:acy|ate)?_?key)[\w.-]*`;

const pairs = new RegExp(String.raw`(${NAME})((?:\\?["'])?(?: \(\w+\))?\s*(?:[:=])[ \t]*)(${VALUE})`, 'gi');

/** What says nothing secret: that there is a secret, and Corosync's `token: 3000`, a time. */
const isHarmless = (name: string, value: string): boolean =>
  /^\\?["']?(?:true|false|null|undefined|\(hidden\)?|\[secret)/i.test(value) ||
  (/token[\w.]*$/i.test(name) && /^\\?["']?\d{1,6}\\?["']?$/.test(value));

/** The mark within the quotes of the value, so that JSON stays JSON. */
function marked(value: string): string {
  const [quote = ''] = /^\\?["']/.exec(value) ?? [];
  return `${quote}${MARK}${quote}`;
}

const withoutPatterns: Filter = (text) =>
  text
    .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MARK)
    .replaceAll(
      /(authorization\\?["']?\s*[:=]\s*\\?["']?)(?:(?:bearer|basic|digest)\s+)?[^\s"'\\]+/gi,
      `$1${MARK}`,
    )
    .replaceAll(/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${MARK}`)
    .replaceAll(
      /(shared-secret\s+)("[^"\n]*"|[^\s;]+)/gi,
      (_all, name: string, value: string) => name + marked(value),
    )
    .replaceAll(/(:\/\/[^\s:/@"']*:)[^\s/@"']+@/g, `$1${MARK}@`)
    .replaceAll(/^([ \t]*(?:totem\.)?key(?: \(\w+\))?\s*[:=]\s*)\S.*$/gm, `$1${MARK}`)
    .replaceAll(pairs, (all: string, name: string, between: string, value: string) =>
      isHarmless(name, value) ? all : `${name}${between}${marked(value)}`,
    );
