import {loadYoga, type Yoga} from 'yoga-layout/load';

/*
 * The layout engine of Ink. The build uses this module in place of `yoga-layout`, which waits for its WASM while it is loaded: a
 * CommonJS module cannot do that.
 */

// Ink uses it only after `loadLayoutEngine`.
const yoga = {} as Yoga;
export default yoga;

/** Must be called before Ink renders. */
export async function loadLayoutEngine(): Promise<void> {
  Object.assign(yoga, await loadYoga());
}
