/** A number of points in words: "1 point", "1,827 points"; '' where Poe does not tell. */
export const points = (count: number | null): string =>
  count === null
    ? ''
    : `${(grouped ??= new Intl.NumberFormat('en-US')).format(count)} ${count === 1 ? 'point' : 'points'}`;

// To make one takes ten milliseconds, and few commands count points.
let grouped: Intl.NumberFormat | undefined;
