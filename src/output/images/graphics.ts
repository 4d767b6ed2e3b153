import type {Size} from './fit.js';

/** How a terminal shows images. */
export type Graphics =
  /** `kitty` by the kitty graphics protocol; `placeholders` by the same, but as characters that tmux can move. */
  | {type: 'kitty' | 'placeholders' | 'iterm2' | 'sixel'; cell: Size}
  /** As half blocks in two colors each. */
  | {type: 'blocks'; colors: Colors};

export type Colors = '256' | 'true';
