import {useMemo, useSyncExternalStore} from 'react';
import type {Frame} from '../screen/layout.js';
import type {Compose} from '../screen/screen.js';
import type {ChatStore} from '../state/store.js';

/** The current state, laid out for a terminal of that size. */
export function useFrame(store: ChatStore, compose: Compose, size: {columns: number; rows: number}): Frame {
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const {columns, rows} = size;
  return useMemo(() => compose(state, columns, rows), [compose, state, columns, rows]);
}
