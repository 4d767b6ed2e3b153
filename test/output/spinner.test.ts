import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {delayedSpinner} from '../../src/output/terminal/spinner.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => void vi.useRealTimers());

function fakeSpinner() {
  const calls: string[] = [];
  const call = (name: string) => () => calls.push(name);
  const spinner = {text: '', start: call('start'), render: call('render'), stop: call('stop')};
  return {calls, load: vi.fn(async () => spinner)};
}

test('a wait of less than 300 ms neither loads nor shows a spinner', async () => {
  const {calls, load} = fakeSpinner();
  const wait = delayedSpinner(load);
  await vi.advanceTimersByTimeAsync(299);
  wait.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(load).not.toHaveBeenCalled();
  expect(calls).toEqual([]);
});

test('a longer wait shows a spinner until it is stopped', async () => {
  const {calls, load} = fakeSpinner();
  const wait = delayedSpinner(load);
  await vi.advanceTimersByTimeAsync(300);
  expect(calls).toEqual(['start']);
  wait.stop();
  wait.stop();
  expect(calls).toEqual(['start', 'stop']);
});

test('a wait that ends while the spinner is loading shows none', async () => {
  const {calls, load} = fakeSpinner();
  const wait = delayedSpinner(load);
  vi.advanceTimersByTime(300);
  wait.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(load).toHaveBeenCalledOnce();
  expect(calls).toEqual([]);
});

test('a spinner that fails to load does no harm', async () => {
  const wait = delayedSpinner(() => Promise.reject(new Error('no such file')));
  await vi.advanceTimersByTimeAsync(300);
  wait.stop();
});
