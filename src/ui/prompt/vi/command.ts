/** A command of vi's normal mode. */
export interface Command {
  /** `d`, `c` or `y`; '' for none. */
  operator: string;
  key: string;
  /** The character after `f`, `F`, `t`, `T` or `r` or, with an operator, after `i` or `a`. */
  argument: string;
  count: number;
  hasCount: boolean;
  /** Whether it repeats a search in the line. */
  isRepeated?: boolean;
}

/** @returns `incomplete` if further keys belong to the command */
export function parse(keys: string): Command | 'incomplete' {
  const [, first = '', operator = '', second = '', rest = ''] =
    /^([1-9]\d*)?([dcy])?([1-9]\d*)?(.*)$/s.exec(keys) ?? [];
  const takesObject = operator !== '';
  if (/^[gfFtTr]?$/.test(rest) || (takesObject && /^[ia]$/.test(rest))) return 'incomplete';
  const [, key = rest, argument = ''] = (takesObject ? /^([fFtTria])(.+)$/s : /^([fFtTr])(.+)$/s).exec(rest) ?? [];
  const count = Number(first || 1) * Number(second || 1);
  return {operator, key, argument, count, hasCount: first + second !== ''};
}
