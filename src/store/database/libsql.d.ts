/** The parts of libsql that poe uses. The package's own types have `any` for rows, and are missing where it is not installed. */
declare module 'libsql' {
  export default class Database {
    constructor(path: string, options: {timeout: number});
    exec(sql: string): void;
    prepare(sql: string): {
      /** Integers above 2^53 are rounded. Each value of `get` and `pragma` has an extra field `_metadata`, so poe uses neither for rows. */
      all(values: readonly (string | number | null)[]): unknown[];
      run(values: readonly (string | number | null)[]): {changes: number};
    };
    pragma(source: string): unknown;
    close(): void;
  }
}
