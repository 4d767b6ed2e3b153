/** A line of a menu. Its texts may come from other people: they are sanitized where they are shown. */
export interface MenuEntry {
  /** Identifies the entry in its list: what choosing it returns or, in the prompt, inserts. */
  value: string;
  label: string;
  /** A short fact in a column of its own, such as a price. */
  fact?: string;
  /** What is shown at the end of the line; '' for nothing. */
  detail: string;
  /** Text that finds the entry besides its label. */
  keywords?: string;
  /** In the prompt: whether Enter also runs the command that is then complete. */
  runs?: boolean;
}
