/** What a fence agent adds to its word where its time was over: what happened, and what to do. */
export const TOO_LATE = 'when its time was over; a device that needs longer is given a longer timeout';
