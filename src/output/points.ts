/** A number of points in words: "1 point", "1,827 points"; '' where Poe does not tell. */
export const points = (count: number | null): string =>
  count === null ? '' : `${grouped.format(count)} ${count === 1 ? 'point' : 'points'}`;

const grouped = new Intl.NumberFormat('en-US');
