/** One column of a list. */
export interface Column<T> {
  /** What stands above it on a terminal. */
  title: string;
  /** What a program is told, null for nothing. */
  value: (item: T) => string | number | null;
  /** How a terminal shows it, where that differs: "yesterday", "15 points". */
  shown?: (item: T) => string;
  align?: 'right';
  /** Whether it takes the width that is left, and is cut first. If no column says so, the last one does. */
  flex?: boolean;
}
