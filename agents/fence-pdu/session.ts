import snmp from 'net-snmp';
import type { Session, Varbind } from 'net-snmp';
import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { PduParameters } from './parameters.ts';

/** One datagram and its repetitions: after 4.5 s of silence the unit is held to be out of reach. */
const PATIENCE = { timeout: 1500, retries: 2 };

/** What the unit says where it knows us and does not let us switch (RFC 3416 section 3). */
const DENIED: readonly (number | undefined)[] = [2, 4, 6, 16, 17];

/** A conversation with one unit; over when the signal aborts. */
export class PduSession {
  private readonly session: Session;
  private readonly unit: string;
  private readonly version: PduParameters['version'];
  private readonly signal: AbortSignal;
  private isClosed = false;
  private readonly waiting = new Set<() => void>();

  constructor(parameters: PduParameters, signal: AbortSignal) {
    const { address, port, version } = parameters;
    this.unit = `PDU ${address}:${port}`;
    this.version = version;
    this.session = open(parameters);
    this.session.on('error', () => undefined);
    this.signal = signal;
    signal.addEventListener('abort', this.close);
  }

  /** Whoever still waits for an answer is told that there will be none. */
  readonly close = (): void => {
    if (this.isClosed) return;
    this.isClosed = true;
    this.signal.removeEventListener('abort', this.close);
    this.session.close();
    // A socket that was not yet open when it was closed tells nobody.
    for (const giveUp of this.waiting) giveUp();
  };

  /** Everything below the column, by what follows it in the OID. */
  column(oid: string): Promise<Result<ReadonlyMap<string, Varbind['value']>>> {
    const rows = new Map<string, Varbind['value']>();
    return this.answer((done) =>
      this.session.subtree(
        oid,
        20,
        (varbinds) => {
          for (const varbind of varbinds)
            if (!snmp.isVarbindError(varbind)) rows.set(varbind.oid.slice(oid.length + 1), varbind.value);
        },
        (error) => done(error, rows),
      ),
    );
  }

  async read(oids: readonly string[]): Promise<Result<readonly number[]>> {
    const answer = await this.answer<readonly Varbind[]>((done) => this.session.get([...oids], done));
    if (!answer.ok) return answer;
    const numbers = answer.value.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
    if (numbers.length === oids.length) return success(numbers);
    return failed(failure('fence_outlet_unknown', `${this.unit} has no such outlet`));
  }

  async write(oid: string, value: number): Promise<Result<undefined>> {
    const varbind = { oid, type: snmp.ObjectType.Integer, value };
    const answer = await this.answer<readonly Varbind[]>((done) => this.session.set([varbind], done));
    if (!answer.ok) return answer;
    const wrong = answer.value.find((each) => snmp.isVarbindError(each));
    if (wrong === undefined) return success(undefined);
    return failed(failure('fence_refused', `${this.unit}: ${snmp.varbindError(wrong)}`));
  }

  private answer<T>(ask: (done: (error: Error | null, value: T) => void) => void): Promise<Result<T>> {
    return new Promise((resolve) => {
      const giveUp = (): void =>
        resolve(failed(failure('fence_unreachable', `${this.unit}: no answer before the call ended`)));
      if (this.isClosed) return giveUp();
      this.waiting.add(giveUp);
      ask((error, value) => {
        this.waiting.delete(giveUp);
        resolve(error === null ? success(value) : failed(this.sort(error)));
      });
    });
  }

  private sort(error: Error & { readonly status?: number }): Failure {
    const what = `${this.unit}: ${error.message}`;
    if (error instanceof snmp.RequestFailedError && DENIED.includes(error.status))
      return failure('fence_refused', what);
    if (error instanceof snmp.ResponseInvalidError) return failure('fence_refused', what);
    if (error instanceof snmp.RequestTimedOutError)
      return failure('fence_unreachable', `${this.unit}: no answer${this.version === '3' ? '' : HUSH}`);
    return failure('fence_unreachable', what);
  }
}

/** RFC 3584: who asks with a community that is not known gets no answer at all. */
const HUSH = ' (it does not answer to a wrong community either)';

function open(parameters: PduParameters): Session {
  const { address, port } = parameters;
  if (parameters.version !== '3')
    return snmp.createSession(address, parameters.community, {
      ...PATIENCE,
      port,
      version: parameters.version === '1' ? snmp.Version1 : snmp.Version2c,
    });
  const { username, authentication, authenticationKey, privacy, privacyKey } = parameters;
  const user = {
    name: username,
    authProtocol: snmp.AuthProtocols[authentication],
    authKey: authenticationKey,
    ...(privacy === 'none' || privacyKey === undefined
      ? { level: snmp.SecurityLevel.authNoPriv }
      : {
          level: snmp.SecurityLevel.authPriv,
          privProtocol: snmp.PrivProtocols[privacy],
          privKey: privacyKey,
        }),
  };
  return snmp.createV3Session(address, user, { ...PATIENCE, port, version: snmp.Version3 });
}
