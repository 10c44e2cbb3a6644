import { failed, failure, success, type FailureCode, type Result } from '../../../model/index.ts';
import { canonical } from '../../config/index.ts';
import { PROTOCOL, type Envelope } from '../messages.ts';
import { envelopeShape } from './messages.ts';

/**
 * `keelson/VERSION CHECKSUM JSON`: the version stands before everything else, so that engines of any other version can
 * tell it; the checksum is over the JSON, so that nothing damaged is taken for something else that is well made.
 */
const FORM = /^keelson\/(\d{1,9}) (\S*) /;
const CHECKSUM_LENGTH = 16;

type Digest = (text: string) => string;

export function encode(envelope: Envelope, digest: Digest): string {
  const body = JSON.stringify(envelope);
  return `keelson/${PROTOCOL} ${checksum(body, digest)} ${body}`;
}

const checksum = (body: string, digest: Digest): string => digest(body).slice(0, CHECKSUM_LENGTH);

/** Never throws, whatever the text is; by the text alone, but for the cluster's id. */
export function decode(payload: string, clusterId: string, digest: Digest): Result<Envelope> {
  const [beginning, version, sum] = FORM.exec(payload) ?? [];
  if (beginning === undefined)
    // The first version had no such beginning.
    return payload.startsWith('{"kind":')
      ? otherVersion('1')
      : refused('message_malformed', 'it does not begin as messages do');
  if (version !== String(PROTOCOL)) return otherVersion(version ?? '');
  const body = payload.slice(beginning.length);
  if (sum !== checksum(body, digest)) return refused('message_malformed', 'it is damaged or cut short');
  const envelope = parse(body);
  const problem = envelope === undefined ? 'it is not JSON' : envelopeShape(envelope, 'it');
  if (problem !== undefined) return refused('message_malformed', problem);
  const { cluster, message } = envelope as Envelope;
  if (cluster !== clusterId) return refused('message_foreign', 'it is of another cluster');
  if (message.kind === 'config' && digest(canonical(message.config)) !== message.hash)
    return refused('message_malformed', 'its configuration is not the one that its hash names');
  return success(envelope as Envelope);
}

const refused = (code: FailureCode, why: string): Result<never> => failed(failure(code, why));

const otherVersion = (version: string): Result<never> =>
  refused('message_version', `its engine speaks version ${version} of the protocol, this one ${PROTOCOL}`);

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
