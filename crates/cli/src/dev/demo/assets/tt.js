// Plays what a mini-program calls `tt` in an ordinary browser, against a mock platform.
//
//   const tt = pretendTt({ send, cashier, openId });
//   tt.requestOrder({ data, byteAuthorization, success, fail });
//   tt.getOrderPayment({ orderId, success, fail });
//
// `send(call, body)` posts JSON to `/mock/client/{call}` of the mock and gives the answer's JSON;
// `cashier(orderId)` is the customer: it gives `{ outcome: "pay" | "cancel" | "ignore", channel }`.

/** What the platform calls the channels. */
export const CHANNELS = { wechat: 1, alipay: 2, douyin_pay: 10 };

export function pretendTt({ send, cashier, openId }) {
  const known = { requestOrder, getOrderPayment };

  /** Both arguments are texts, and travel as they are: one changed byte, and the signature no longer fits. */
  function requestOrder({ data, byteAuthorization, ...then }) {
    return settle("requestOrder", then, async () => {
      // The phone checks this before it asks anybody.
      if (typeof data !== "string") return refused("requestOrder", "data should be string");
      const answer = await send("request_order", { data, byteAuthorization, open_id: openId });
      if (answer.errNo) return answer;
      const { orderId, itemOrderList, logId } = answer;
      return { orderId, itemOrderList, logId, errMsg: "requestOrder:ok" };
    });
  }

  /** Success says that the customer is through with the cashier. It is no proof of payment. */
  function getOrderPayment({ orderId, ...then }) {
    return settle("getOrderPayment", then, async () => {
      const { outcome, channel } = await cashier(orderId);
      const answer = await send("get_order_payment", { orderId, outcome, channel });
      return answer.errNo ? answer : { errMsg: "getOrderPayment:ok" };
    });
  }

  return { ...known, canIUse: (name) => Object.hasOwn(known, name) };
}

function refused(call, why) {
  return { errNo: -1, errMsg: `${call}:fail ${why}`, errLogId: "" };
}

/** Exactly one of `success` and `fail`, then `complete`: as `tt` does. */
async function settle(call, { success, fail, complete }, work) {
  let result;
  try {
    result = await work();
  } catch (cause) {
    result = { errNo: 10401, errMsg: `${call}:fail internal error`, errLogId: String(cause) };
  }
  (result.errNo ? fail : success)?.(result);
  complete?.(result);
}
