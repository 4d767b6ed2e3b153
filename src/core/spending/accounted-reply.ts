import {PoeError} from '../errors.js';
import type {ReplySource, ReplyState} from '../reply.js';
import type {Reservation} from './ledger.js';

/** A reply whose cost is counted when it ends, or when it becomes known later. */
export function accountReply(source: ReplySource, reservation: Reservation): ReplySource {
  const {start, actions} = source;
  return {
    start,
    actions: {
      ...actions,
      async cost(reply, options) {
        const cost = await actions.cost(reply, options);
        if (cost.points !== null) reservation.charge(reply, cost.points);
        return cost;
      },
    },
    cancel: () => source.cancel(),
    async *updates() {
      let last: ReplyState = start;
      let isFree = false;
      try {
        for await (const update of source.updates()) {
          last = update.state;
          yield update;
        }
      } catch (error) {
        isFree = error instanceof PoeError && error.code === 'out_of_points';
        throw error;
      } finally {
        if (isFree) reservation.release();
        else if (last.points.cost === null) reservation.settle(last);
        else reservation.charge(last, last.points.cost);
      }
    },
  };
}

/** Starts a reply for which points are set aside. They are freed if it certainly was not sent. */
export async function whileReserved<T>(reservation: Reservation, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof PoeError && error.code === 'delivery_unknown') reservation.settle();
    else reservation.release();
    throw error;
  }
}
