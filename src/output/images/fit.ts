/** A size in cells of the terminal. */
export interface Room {
  columns: number;
  rows: number;
}

/** A size in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The cells that an image takes, and its size in them. It keeps its proportions and is never enlarged. */
export function fit(image: Size, room: Room, cell: Size): Room & Size {
  const scale = Math.min(1, (room.columns * cell.width) / image.width, (room.rows * cell.height) / image.height);
  const width = Math.max(1, Math.floor(image.width * scale));
  const height = Math.max(1, Math.floor(image.height * scale));
  return {width, height, columns: Math.ceil(width / cell.width), rows: Math.ceil(height / cell.height)};
}
