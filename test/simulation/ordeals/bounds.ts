const SECOND = 1000;

/**
 * From the moment at which a node may be fenced until the other one serves, in milliseconds: an order under way that
 * itself waits for the fencing, and ends at its deadline (30 s); the head start of who serves data (5 s); two calls of a
 * board; DRBD's handler, which is asked again after 10 s; promotion and starts, some seconds.
 */
export const TAKEOVER = 60 * SECOND;
/** Until Corosync has parted from a node: the token and consensus. */
export const LOSS_SEEN = 3 * SECOND;
/**
 * An engine that is gone is trusted for 20 s. One that stands still is so for its grace in heartbeats of 5 s: one more,
 * and one that was just due.
 */
export const ABSENT_ENGINE = 20 * SECOND;
export const SILENT_ENGINE = 30 * SECOND;
/** An order to stop something ends within 20 s; whoever has not answered 30 s later is not trusted any more. */
export const UNANSWERED = 50 * SECOND;
/** A board that works again is called again within 20 s, and the call before ends within 20 s. */
export const BOARD_AGAIN = 40 * SECOND;
/** What failed too often is barred for ten minutes after its last failure. */
export const FAILURE_FORGOTTEN = 600 * SECOND;
/** Failures that reach the migration threshold are forgotten after ten minutes: until then a node may stay barred. */
export const RECOVERY = 15 * 60 * SECOND;
/** Until the witness has given up a node that says nothing any more (12 s), and has told the other one. */
export const WITNESS_DECIDES = 13 * SECOND;
/** Of two nodes that serve nothing the later one waits for three head starts of 5 s before it puts the other one out. */
export const IDLE_TURNS = 15 * SECOND;
