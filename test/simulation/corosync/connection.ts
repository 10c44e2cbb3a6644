import type { Appointment } from '../time.ts';
import type { Ring, Station } from './station.ts';

/** What one node and the witness know of each other. */
export interface Connection {
  readonly station: Station;
  /** To the witness it is there. */
  isOpen: boolean;
  /** The last ring that the node has told of. */
  told: Ring | undefined;
  finding: Appointment | undefined;
  givenUpByNode: Appointment | undefined;
  givenUpByWitness: Appointment | undefined;
}

export const newConnection = (station: Station): Connection => ({
  station,
  isOpen: false,
  told: undefined,
  finding: undefined,
  givenUpByNode: undefined,
  givenUpByWitness: undefined,
});

/** As it was before either had noticed anything. */
export function keep(connection: Connection): void {
  connection.givenUpByNode?.cancel();
  connection.givenUpByNode = undefined;
  connection.givenUpByWitness?.cancel();
  connection.givenUpByWitness = undefined;
}

/** The witness knows nothing of it any more. */
export function close(connection: Connection): void {
  connection.givenUpByWitness?.cancel();
  connection.givenUpByWitness = undefined;
  connection.isOpen = false;
  connection.told = undefined;
}
