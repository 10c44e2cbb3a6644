import type { KoffiFunc } from 'koffi';

/** A socket of a family that Node does not have. */
export interface NativeSocket {
  send(bytes: Buffer, to: Buffer): Promise<void>;
  receive(): Promise<Buffer>;
  close(): void;
}

type Call = (...given: readonly unknown[]) => number | bigint;

interface Library {
  readonly socket: KoffiFunc<Call>;
  readonly sendto: KoffiFunc<Call>;
  readonly recv: KoffiFunc<Call>;
  readonly close: KoffiFunc<Call>;
  readonly errno: () => number;
}

/** A datagram of the kernel's answers is far smaller. */
const LONGEST = 4096;
const CLOSE_ON_EXEC = 0o2000000;

let library: Promise<Library> | undefined;

async function load(): Promise<Library> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load('libc.so.6');
  return {
    socket: libc.func('int socket(int, int, int)'),
    sendto: libc.func('long sendto(int, const void *, size_t, int, const void *, uint32_t)'),
    recv: libc.func('long recv(int, void *, size_t, int)'),
    close: libc.func('int close(int)'),
    errno: () => koffi.errno(),
  };
}

/** Calls that may wait for the kernel's locks run beside the event loop. */
const beside = (call: KoffiFunc<Call>, ...given: readonly unknown[]): Promise<number> =>
  new Promise((resolve, reject) => {
    call.async(...given, (error: Error | null, result: number | bigint) => {
      if (error === null) resolve(Number(result));
      else reject(error);
    });
  });

/** Throws where the C library cannot be called, or the kernel has no such socket for us. */
export async function nativeSocket(family: number, type: number, protocol: number): Promise<NativeSocket> {
  library ??= load();
  const { socket, sendto, recv, close, errno } = await library;
  const handle = Number(socket(family, type | CLOSE_ON_EXEC, protocol));
  if (handle < 0) throw new Error(`socket: error ${errno()}`);
  return {
    async send(bytes, to) {
      const sent = await beside(sendto, handle, bytes, bytes.length, 0, to, to.length);
      if (sent !== bytes.length) throw new Error('sendto failed');
    },
    async receive() {
      const buffer = Buffer.alloc(LONGEST);
      const length = await beside(recv, handle, buffer, LONGEST, 0);
      if (length < 0) throw new Error('recv failed');
      return buffer.subarray(0, length);
    },
    close: () => {
      close(handle);
    },
  };
}
