import { request } from 'node:https';
import type { Looks } from '../../model/index.ts';

const PORT = 8443;
const PATIENCE = 5000;
/** Milliseconds: the header tells whole seconds, cut (RFC 9110, section 5.6.7), so half a one is added and half a one unsure. */
const HALF_A_SECOND = 500;

/** What is known of a machine that is no member yet: whether its API answers, and its clock. Undefined: it does not. */
export function lookAtPeerClock(address: string, port = PORT): Promise<Looks['peerClock']> {
  return new Promise((resolve) => {
    const asked = Date.now();
    const sent = request(
      // Nothing is told to it and nothing of what it says is believed but the time: it needs no certificate.
      {
        host: address,
        port,
        path: '/api/v1/status',
        rejectUnauthorized: false,
        timeout: PATIENCE,
        agent: false,
      },
      (response) => {
        response.resume();
        const back = Date.now();
        const told = Date.parse(response.headers.date ?? '');
        if (Number.isNaN(told)) resolve(undefined);
        else
          resolve({
            offset: told + HALF_A_SECOND - (asked + back) / 2,
            uncertainty: HALF_A_SECOND + (back - asked) / 2,
          });
        sent.destroy();
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}
