import { connect } from 'node:net';
import { failed, failure, success, type Result } from '../../../src/model/index.ts';
import type { FenceAgent, Power } from '../../../src/ports/index.ts';
import type { Place } from './place.ts';

/** Speaks to the harness's power switch in place of a management board; what the engine sees is the same. */
export const switchAgent = ({ power }: Place): FenceAgent => ({
  name: 'fence-ipmi',
  perform: (verb, { address }, { signal }) =>
    new Promise<Result<Power>>((resolve) => {
      const unreachable = (message: string): void =>
        resolve(failed(failure('fence_unreachable', `the power switch does not answer: ${message}`)));
      const socket = connect(power);
      let answer = '';
      signal.addEventListener('abort', () => socket.destroy(new Error('too slow')));
      socket.on('error', ({ message }) => unreachable(message));
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('close', () => {
        const said = answer.trim();
        if (said === 'on' || said === 'off') resolve(success(said));
        else unreachable('no answer');
      });
      socket.write(`${verb} ${typeof address === 'string' ? address : ''}\n`);
    }),
});
