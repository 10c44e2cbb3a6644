/** Shorter than this, an encoded value would be found in texts that do not hold it. */
const ENCODED_LENGTH = 6;

/** Each way in which a secret can stand in a text; empty for what is none. Bytes are such as no text holds. */
export function formsOf(secret: string | Buffer): readonly string[] {
  const text = typeof secret === 'string' ? secret : secret.toString('utf8');
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret;
  if (text.trim() === '' || text === '(hidden)') return [];
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const encoded = [
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ].filter((form) => form.length >= ENCODED_LENGTH);
  return [
    ...new Set([
      text,
      json,
      // A text within a text, as in a journal's line about a request.
      JSON.stringify(json).slice(1, -1),
      url,
      url.replaceAll('%20', '+'),
      url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
      text.replaceAll("'", `'\\''`),
      ...encoded,
      // A key of several lines is found by each of them, however the lines are joined.
      ...text.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----')),
    ]),
  ];
}

/** What base64 makes of the bytes when so many stand before them, without the characters that others decide. */
function base64At(bytes: Buffer, offset: number): readonly string[] {
  const begin = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  const form = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(begin, end);
  return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
}
