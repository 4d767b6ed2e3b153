import {Text} from 'ink';

interface RowsProps {
  /** Rows that fit on the terminal, with their styles. */
  rows: readonly string[];
}

export function Rows({rows}: RowsProps) {
  return rows.map((row, index) => (
    // A row is identified by its place only.
    <Text key={index} wrap="truncate">
      {row || ' '}
    </Text>
  ));
}
