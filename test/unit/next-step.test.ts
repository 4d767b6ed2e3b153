import {expect, test} from 'vitest';
import {type FollowState, nextStep, catchUpPauseMs} from '../../src/core/web/send/follow/next-step.js';

const state: FollowState = {
  timeoutMs: 10_000,
  progressAt: 1_000,
  hasGap: false,
  connection: 'open',
  retryAt: Number.POSITIVE_INFINITY,
  awaitsLastText: false,
};

test('a reply is waited for until the timeout', () => {
  expect(nextStep(state, 4_000)).toEqual({type: 'wait', ms: 7_000, thenFinish: false});
});

test('a failed attempt is repeated after its pause', () => {
  expect(nextStep({...state, retryAt: 4_500}, 4_000)).toEqual({type: 'wait', ms: 500, thenFinish: false});
  expect(nextStep({...state, retryAt: 4_500}, 4_500)).toEqual({type: 'catch_up', isLastTry: false});
});

test('when the job is done, the last text is requested after two seconds', () => {
  expect(nextStep({...state, awaitsLastText: true}, 4_000)).toEqual({type: 'wait', ms: 2_000, thenFinish: true});
  expect(nextStep({...state, awaitsLastText: true}, 10_000)).toEqual({type: 'wait', ms: 1_000, thenFinish: true});
});

test('missed events are requested after a gap or a lost connection', () => {
  expect(nextStep({...state, hasGap: true}, 4_000)).toEqual({type: 'catch_up', isLastTry: false});
  expect(nextStep({...state, connection: 'lost'}, 4_000)).toEqual({type: 'catch_up', isLastTry: false});
});

test('missed events are requested a last time after the timeout', () => {
  expect(nextStep(state, 11_000)).toEqual({type: 'catch_up', isLastTry: true});
});

test('a closed connection ends the reply', () => {
  expect(nextStep({...state, connection: 'closed', hasGap: true}, 4_000)).toEqual({type: 'give_up'});
});

test('pauses between attempts double from one second to fifteen', () => {
  expect([0, 1, 2, 3, 4, 9].map(catchUpPauseMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});
