import {beforeEach, expect, test, vi} from 'vitest';
import {delayedSpinner} from '../../src/output/terminal/delayed-spinner.js';

beforeEach(() => {
  vi.useFakeTimers();
});

function spinnerOf() {
  const calls: string[] = [];
  const call = (name: string) => () => calls.push(name);
  const spinner = {text: '', start: call('start'), render: call('render'), stop: call('stop')};
  return {calls, load: vi.fn(async () => spinner)};
}

test('a short wait shows no spinner, and loads none', async () => {
  const {calls, load} = spinnerOf();
  const wait = delayedSpinner(load);
  await vi.advanceTimersByTimeAsync(299);
  wait.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(load).not.toHaveBeenCalled();
  expect(calls).toEqual([]);
});

test('a long wait shows a spinner until it is over', async () => {
  const {calls, load} = spinnerOf();
  const wait = delayedSpinner(load);
  await vi.advanceTimersByTimeAsync(300);
  expect(calls).toEqual(['start']);
  wait.stop();
  wait.stop();
  expect(calls).toEqual(['start', 'stop']);
});

test('a wait that is over while the spinner is loaded shows none', async () => {
  const {calls, load} = spinnerOf();
  const wait = delayedSpinner(load);
  vi.advanceTimersByTime(300);
  wait.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(load).toHaveBeenCalledOnce();
  expect(calls).toEqual([]);
});

test('a spinner that cannot be loaded costs nothing', async () => {
  const wait = delayedSpinner(() => Promise.reject(new Error('no such file')));
  await vi.advanceTimersByTimeAsync(300);
  wait.stop();
});
