import { Violation } from '../violation.ts';

/** What the kernel makes of the fence-peer handler's word. */
export type Word = 'the peer is outdated' | 'the peer serves' | 'nothing';

/**
 * DRBD 8.4 (`conn_try_outdate_peer` of drbd_nl.c, Linux 6.1): 4 and 7 outdate the peer, 6 this side. 5 says that the peer
 * is assumed to be dead: on an UpToDate disk the kernel takes that for proof, so ours must never say it.
 */
export function wordOf(exitCode: number): Word {
  switch (exitCode) {
    case 4:
    case 7:
      return 'the peer is outdated';
    case 6:
      return 'the peer serves';
    case 1:
      return 'nothing';
    default:
      throw new Violation('S4', `the fence-peer handler answers ${exitCode}, which is no proof`);
  }
}
