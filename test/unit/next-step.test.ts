import {expect, test} from 'vitest';
import {type FollowState, nextStep, retryPauseMs} from '../../src/core/web/send/follow/next-step.js';

const state: FollowState = {
  timeoutMs: 10_000,
  progressAt: 1_000,
  hasGap: false,
  connection: 'open',
  retryAt: Number.POSITIVE_INFINITY,
  awaitsLastText: false,
};

test('waits for the rest of the timeout', () => {
  expect(nextStep(state, 4_000)).toEqual({type: 'wait', ms: 7_000, thenFinish: false});
});

test('waits at most until a failed attempt is due again', () => {
  expect(nextStep({...state, retryAt: 4_500}, 4_000)).toEqual({type: 'wait', ms: 500, thenFinish: false});
  expect(nextStep({...state, retryAt: 4_500}, 4_500)).toEqual({type: 'catch_up', isLastTry: false});
});

test('waits two seconds for the last text when the job is done, then requests it', () => {
  expect(nextStep({...state, awaitsLastText: true}, 4_000)).toEqual({type: 'wait', ms: 2_000, thenFinish: true});
  expect(nextStep({...state, awaitsLastText: true}, 10_000)).toEqual({type: 'wait', ms: 1_000, thenFinish: true});
});

test('catches up after a gap and after the connection was lost', () => {
  expect(nextStep({...state, hasGap: true}, 4_000)).toEqual({type: 'catch_up', isLastTry: false});
  expect(nextStep({...state, connection: 'lost'}, 4_000)).toEqual({type: 'catch_up', isLastTry: false});
});

test('catches up a last time when the timeout is over', () => {
  expect(nextStep(state, 11_000)).toEqual({type: 'catch_up', isLastTry: true});
});

test('gives up when the connection was closed', () => {
  expect(nextStep({...state, connection: 'closed', hasGap: true}, 4_000)).toEqual({type: 'give_up'});
});

test('pauses between attempts double from one second to fifteen', () => {
  expect([0, 1, 2, 3, 4, 9].map(retryPauseMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});
