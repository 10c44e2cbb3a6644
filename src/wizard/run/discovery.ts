import { connect, type Socket } from 'node:net';

/** Opcodes and offsets are those of RFC 7143, section 11. */
const HEADER = 48;
const LOGIN = 0x43;
const LOGIN_RESPONSE = 0x23;
const TEXT = 0x44;
const TEXT_RESPONSE = 0x24;
/** The stage is over (T), from operational negotiation (CSG 1) to full feature phase (NSG 3). */
const TO_FULL_FEATURE = 0x87;
const FINAL = 0x80;
const NO_TAG = 0xffffffff;
const MOST_ROUNDS = 5;
const SEGMENT = 65_536;
const ANSWER_LIMIT = 1024 * 1024;

interface Pdu {
  readonly opcode: number;
  readonly flags: number;
  readonly header: Buffer;
  readonly text: string;
}

/**
 * The targets that answer at a portal, as a host asks for them: a discovery session with SendTargets (RFC 7143,
 * appendix C). Undefined where nothing answers as a target within `timeout` (milliseconds). Nothing is logged in to.
 */
export async function discoverTargets(
  address: string,
  port: number,
  initiator: string,
  timeout = 5000,
): Promise<readonly string[] | undefined> {
  const socket = connect({ host: address, port, timeout });
  const stop = AbortSignal.timeout(timeout);
  stop.addEventListener('abort', () => socket.destroy());
  // Whatever ends the connection is the same answer: nobody speaks iSCSI there.
  socket.on('error', () => undefined);
  try {
    const pdus = read(socket);
    if (!(await login(socket, pdus, initiator))) return undefined;
    let said = '';
    let transfer = NO_TAG;
    for (let round = 1; said.length < ANSWER_LIMIT; round += 1) {
      const text = round === 1 ? 'SendTargets=All\0' : '';
      socket.write(pdu(TEXT, FINAL, { text, commandNumber: round, tag: 2, transfer }));
      const answer = (await pdus.next()).value;
      if (answer?.opcode !== TEXT_RESPONSE) return undefined;
      said += answer.text;
      if ((answer.flags & FINAL) !== 0) break;
      // There is more, which is asked for with the target's own tag (section 11.10.4).
      transfer = answer.header.readUInt32BE(20);
    }
    return said.split('\0').flatMap((pair) => /^TargetName=(.+)$/.exec(pair)?.[1] ?? []);
  } finally {
    socket.destroy();
  }
}

async function login(
  socket: Socket,
  pdus: AsyncGenerator<Pdu, undefined>,
  initiator: string,
): Promise<boolean> {
  const keys = [
    `InitiatorName=${initiator}`,
    'SessionType=Discovery',
    'HeaderDigest=None',
    'DataDigest=None',
    // LIO sends nothing at all to who does not say how much it takes.
    `MaxRecvDataSegmentLength=${SEGMENT}`,
  ];
  let text = keys.map((key) => `${key}\0`).join('');
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    socket.write(pdu(LOGIN, TO_FULL_FEATURE, { text, commandNumber: 1, tag: 1 }));
    const answer = (await pdus.next()).value;
    // Status-Class 0 is success; others refuse, or send elsewhere.
    if (answer?.opcode !== LOGIN_RESPONSE || answer.header[36] !== 0) return false;
    if ((answer.flags & TO_FULL_FEATURE) === TO_FULL_FEATURE) return true;
    text = '';
  }
  return false;
}

interface Fields {
  readonly text: string;
  readonly commandNumber: number;
  readonly tag: number;
  /** Of a target that has more to say. */
  readonly transfer?: number;
}

function pdu(opcode: number, flags: number, { text, commandNumber, tag, transfer = NO_TAG }: Fields): Buffer {
  const data = Buffer.from(text);
  const bytes = Buffer.alloc(HEADER + Math.ceil(data.length / 4) * 4);
  bytes[0] = opcode;
  bytes[1] = flags;
  bytes.writeUIntBE(data.length, 5, 3);
  // ISID: qualified by random bytes (type 2), unlike that of any host.
  if (opcode === LOGIN) Buffer.from([0x80, 0x4b, 0x45, 0x45, 0x4c, 0x00]).copy(bytes, 8);
  bytes.writeUInt32BE(tag, 16);
  if (opcode === TEXT) bytes.writeUInt32BE(transfer, 20);
  bytes.writeUInt32BE(commandNumber, 24);
  data.copy(bytes, HEADER);
  return bytes;
}

async function* read(socket: Socket): AsyncGenerator<Pdu, undefined> {
  let buffered = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      buffered = Buffer.concat([buffered, chunk as Buffer]);
      while (buffered.length >= HEADER) {
        const length = buffered.readUIntBE(5, 3);
        const end = HEADER + Math.ceil(length / 4) * 4;
        if (length > ANSWER_LIMIT) return undefined;
        if (buffered.length < end) break;
        const header = buffered.subarray(0, HEADER);
        const text = buffered.subarray(HEADER, HEADER + length).toString();
        buffered = buffered.subarray(end);
        yield { opcode: (header[0] ?? 0) & 0x3f, flags: header[1] ?? 0, header, text };
      }
    }
  } catch {
    // The connection broke: there is no more to read.
  }
  return undefined;
}
