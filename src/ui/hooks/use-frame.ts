import {useMemo, useSyncExternalStore} from 'react';
import type {Frame} from '../screen/layout.js';
import type {Compose} from '../screen/screen.js';
import type {ChatState} from '../state/chat-state.js';

/** Where React reads the state of the chat. */
export interface StateSource {
  subscribe: (listener: () => void) => () => void;
  getSnapshot: () => ChatState;
}

/** The current state, laid out for a terminal of that size. */
export function useFrame(source: StateSource, compose: Compose, size: {columns: number; rows: number}): Frame {
  const state = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const {columns, rows} = size;
  return useMemo(() => compose(state, columns, rows), [compose, state, columns, rows]);
}
