import type { z } from 'zod';

/** A model's type as it looks in JSON: units are plain numbers, what may be undefined may be absent. */
export type Json<T> = T extends number
  ? number
  : T extends string | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : {
          -readonly [Key in keyof T as undefined extends T[Key] ? never : Key]: Json<T[Key]>;
        } & {
          -readonly [Key in keyof T as undefined extends T[Key] ? Key : never]?:
            Json<Exclude<T[Key], undefined>> | undefined;
        };

type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

/** Has the compiler check that a schema says exactly what the model's type says: no field more, none less. */
export const describes =
  <Type>() =>
  <Schema extends z.ZodType>(
    schema: Same<z.output<Schema>, Json<Type>> extends true ? Schema : never,
  ): Schema =>
    schema;
