import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { discoverTargets } from '../../../src/wizard/run/discovery.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Listens, and lets `answer` see each PDU's header and text. */
async function listening(answer: (socket: Socket, header: Buffer, text: string) => void): Promise<number> {
  server = createServer((socket) => {
    let buffered = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 48) {
        const length = buffered.readUIntBE(5, 3);
        const end = 48 + Math.ceil(length / 4) * 4;
        if (buffered.length < end) return;
        answer(socket, buffered.subarray(0, 48), buffered.subarray(48, 48 + length).toString());
        buffered = buffered.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function reply(opcode: number, flags: number, text: string, status = 0): Buffer {
  const bytes = Buffer.alloc(48 + Math.ceil(text.length / 4) * 4);
  bytes[0] = opcode;
  bytes[1] = flags;
  bytes[36] = status;
  bytes.writeUIntBE(text.length, 5, 3);
  bytes.write(text, 48);
  return bytes;
}

const ask = (port: number) => discoverTargets('127.0.0.1', port, 'iqn.2026-11.com.example:me', 1000);

test('a target answers to a discovery session, in pieces, and its names are told', async () => {
  const heard: string[] = [];
  const port = await listening((socket, header, text) => {
    heard.push(text);
    const isLogin = ((header[0] ?? 0) & 0x3f) === 0x03;
    // The first answer of a login only goes on negotiating.
    const flags = heard.length === 1 ? 0x04 : 0x87;
    const first = 'TargetName=iqn.2026-11.com.example:one\0TargetAddress=127.0.0.1:3260,1\0';
    const more = reply(0x24, 0x40, first);
    more.writeUInt32BE(0x77, 20);
    // As LIO does: the rest is sent to who asks for it with the tag, and nothing to who has named no length.
    const isFirst = header.readUInt32BE(20) === 0xffffffff;
    const all = isLogin
      ? reply(0x23, flags, 'TargetPortalGroupTag=1\0')
      : isFirst
        ? more
        : reply(0x24, 0x80, 'TargetName=iqn.2026-11.com.example:two\0');
    if (!isLogin && !isFirst) expect([header.readUInt32BE(20), header.readUInt32BE(24)]).toEqual([0x77, 2]);
    socket.write(all.subarray(0, 20));
    setTimeout(() => socket.write(all.subarray(20)), 5);
  });
  expect(await ask(port)).toEqual(['iqn.2026-11.com.example:one', 'iqn.2026-11.com.example:two']);
  expect(heard[0]).toContain('SessionType=Discovery\0');
  expect(heard[0]).toContain('MaxRecvDataSegmentLength=');
  expect(heard.slice(-2)).toEqual(['SendTargets=All\0', '']);
});

test('a target that refuses, one that says nothing, one that hangs up and no target at all are all no answer', async () => {
  const refusing = await listening((socket) => void socket.write(reply(0x23, 0x87, '', 2)));
  expect(await ask(refusing)).toBeUndefined();
  server?.close();
  const silent = await listening(() => undefined);
  expect(await ask(silent)).toBeUndefined();
  server?.close();
  const rude = await listening((socket) => void socket.destroy());
  expect(await ask(rude)).toBeUndefined();
  server?.close();
  expect(await ask(1)).toBeUndefined();
});
