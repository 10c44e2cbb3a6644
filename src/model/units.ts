/** Quantities carry their unit in the type, so that a timeout in seconds cannot be passed as milliseconds. */
declare const unit: unique symbol;
export type Unit<Name extends string> = number & { readonly [unit]: Name };

export type Bytes = Unit<'bytes'>;
/** Durations and points in time (Unix epoch) alike. */
export type Milliseconds = Unit<'milliseconds'>;

export const bytes = (value: number): Bytes => value as Bytes;
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
export const seconds = (value: number): Milliseconds => (value * 1000) as Milliseconds;

/** LVM's default extent; volumes are whole extents, so sizes are rounded up to this before they are recorded. */
export const EXTENT = bytes(4 * 1024 * 1024);

export const roundUpToExtent = (size: Bytes): Bytes => bytes(Math.ceil(size / EXTENT) * EXTENT);
