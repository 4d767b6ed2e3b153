/**
 * Whether events on Poe are received: `open`, `reconnecting` after an interruption, or `lost` when the client has given up.
 */
export type Connection = 'open' | 'reconnecting' | 'lost';
