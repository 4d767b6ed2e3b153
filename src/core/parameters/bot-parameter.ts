/** A parameter that a bot accepts. */
export interface BotParameter {
  name: string;
  schema: ParameterSchema | null;
  defaultValue: unknown;
  description: string | null;
  /** Its name on poe.com. Browser session only. */
  label?: string;
  /**
   * When poe.com shows it; all must be met. Missing if it is always shown. Several parameters of a bot may have the same name and
   * different conditions. Browser session only.
   */
  conditions?: ParameterCondition[];
}

export interface ParameterSchema {
  type: string | null;
  /** The accepted values. */
  enum: unknown[] | null;
  minimum: number | null;
  maximum: number | null;
  /** The distance between accepted numbers, counted from the minimum. Browser session only. */
  step?: number;
  /** The names of the accepted values on poe.com, in the same order. Browser session only. */
  enumLabels?: string[];
}

/** A comparison of two values, such as `eq`. */
export interface ParameterCondition {
  comparator: string;
  left: ParameterOperand;
  right: ParameterOperand;
}

/** The value of a parameter, or a fixed value. */
export type ParameterOperand = {parameter: string} | {literal: string | number | boolean};
