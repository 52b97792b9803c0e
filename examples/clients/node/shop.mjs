// A small shop on douyin-pay, with nothing but Node's standard library (18 or newer).
//
//   node shop.mjs serve            hear webhooks on PORT, do the work once per event
//   node shop.mjs story [ORDER]    open an order, wait until it is paid, refund a part, settle
//   node shop.mjs settle ORDER     settle an order whose settlement period is over

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "./webhook.mjs";

const PRICE_FEN = 1280, REFUND_FEN = 280, SHARE_FEN = 60; // money is a whole number of fen
const SHARE_RECEIVER = "69645835031835936200"; // a merchant number is text: a number would lose its last digits
const ANSWER_WITHIN_MS = 20_000; // the service itself waits up to 8 s for the platform
const REPEAT_FOR_MS = 60_000;
const PAYABLE_FOR_SECONDS = 900;

/** The answer is no, or still open: a stable code, and a sentence that says the next step. */
class Refused extends Error {
  constructor(status, { code = "", detail = "" }) {
    super(`${status} ${code}: ${detail}`);
    this.code = code;
  }
}

function setting(name, otherwise) {
  const value = process.env[name] || otherwise;
  if (value === undefined) {
    console.error(`set the environment variable ${name}`);
    process.exit(2);
  }
  return value;
}

const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")} yuan`;

/** One attempt: status, seconds to wait before a repeat, JSON. Status 0: no answer, so who knows. */
async function send(method, path, body) {
  const url = `${setting("DOUYIN_PAY_URL")}/v1/apps/${setting("DOUYIN_PAY_APP")}/${encodeURI(path)}`;
  const headers = { Authorization: `Bearer ${setting("DOUYIN_PAY_KEY")}`, "Content-Type": "application/json" };
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await fetch(url, { method, headers, body, signal, redirect: "manual" });
    const text = await answer.text();
    const wait = Math.min(Number.parseInt(answer.headers.get("retry-after"), 10) || 2, 30);
    return { status: answer.status, wait, reply: parsed(text) };
  } catch {
    return { status: 0, wait: 2, reply: {} };
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // a proxy's page
  }
}

/** One request, repeated until its outcome is known. Our own number in it makes the repeats one request. */
async function ask(method, path, fields) {
  // Encoded once: a repeat must be the very same request. Other fields under the same number are a 409.
  const body = fields && JSON.stringify(fields);
  const giveUpAt = Date.now() + REPEAT_FOR_MS;
  for (;;) {
    const { status, wait, reply } = await send(method, path, body);
    if (status === 200 || status === 201) return reply;
    // 202: remembered, outcome open. 503: busy. 5xx without a code: a proxy that lost the service.
    const outcomeOpen = [0, 202, 503].includes(status) || (status >= 500 && !reply.code);
    if (!outcomeOpen) throw new Refused(status, reply);
    if (Date.now() > giveUpAt) {
      throw new Refused(status, { detail: "no outcome yet; run the same command with the same number again" });
    }
    console.error(`${method} ${path}: ${status || "no answer"}, the same again in ${wait} s`);
    await sleep(wait * 1000);
  }
}

/** Looks until the state is the wanted one. Good for a script; a shop acts on the webhook. */
async function until(path, wanted, patienceSeconds) {
  const giveUpAt = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const seen = await ask("GET", path);
    if (seen.state === wanted) return seen;
    if (["closed", "refused", "failed"].includes(seen.state) || Date.now() > giveUpAt) {
      throw new Refused(200, { detail: `${path} is ${seen.state}, not ${wanted}` });
    }
    await sleep(1000);
  }
}

async function openOrder(number) {
  // A shop stores the number with the cart before it asks: after a crash it asks with the same number again.
  const order = await ask("POST", "orders", {
    out_order_no: number,
    amount_fen: PRICE_FEN,
    subject: "拿铁",
    body: "大杯拿铁",
    valid_seconds: PAYABLE_FOR_SECONDS,
  });
  return order.pay; // hand this to the mini-program, for tt.pay
}

async function refund(number) {
  const refundNo = `R-${number}`; // made from the order's number: told twice, refunded once
  await ask("POST", `orders/${number}/refunds`, {
    out_refund_no: refundNo,
    amount_fen: REFUND_FEN,
    reason: "少了一份糖",
  }); // taken on, not done: the platform needs ten seconds and more
  return until(`refunds/${refundNo}`, "succeeded", 120);
}

async function settle(number) {
  // A refused try uses up its number. Counting the failed ones gives a fresh number after a refusal,
  // and the same number again while the outcome of the last try is open.
  const tries = (await ask("GET", `orders/${number}`)).settlements;
  const failed = tries.filter((one) => one.state === "failed").length;
  const settleNo = `S${failed + 1}-${number}`;
  await ask("POST", `orders/${number}/settlements`, {
    out_settle_no: settleNo,
    description: "结算与分账",
    shares: [{ merchant_uid: SHARE_RECEIVER, amount_fen: SHARE_FEN }],
  }); // we are not in the list: the seller gets what shares and fee leave
  return until(`settlements/${settleNo}`, "succeeded", 120);
}

async function tellSettlement(number) {
  const settled = await settle(number);
  console.log("settled", settled.out_settle_no, yuan(settled.settle_amount_fen), "fee", yuan(settled.rake_fen));
  const order = await ask("GET", `orders/${number}`);
  console.log("order", number, order.state, "paid", yuan(order.paid_fen),
    "refunded", yuan(order.refunded_fen), "settled", yuan(order.settled_fen));
}

async function tellStory(number) {
  const pay = await openOrder(number);
  console.log("opened", number, yuan(PRICE_FEN));
  console.log("pay", JSON.stringify(pay));
  const paid = await until(`orders/${number}`, "paid", PAYABLE_FOR_SECONDS);
  console.log("paid", number, yuan(paid.paid_fen));
  const done = await refund(number);
  console.log("refunded", done.out_refund_no, yuan(done.amount_fen));
  try {
    await tellSettlement(number);
  } catch (refused) {
    if (refused.code !== "platform_refused") throw refused;
    // The platform settles some days after payment, usually seven; a shop does this every night.
    console.log("not settled yet:", refused.message);
    console.log(`later: node shop.mjs settle ${number}`);
  }
}

const [command, number, ...rest] = process.argv.slice(2);
try {
  if (command === "serve" && number === undefined) {
    const [port, file] = [Number(setting("PORT", "3000")), setting("EVENTS_FILE", "events.log")];
    serve(port, file, setting("WEBHOOK_SECRET"), Number(setting("WEBHOOK_TOLERANCE", "300")));
  } else if (command === "story" && rest.length === 0) {
    const moment = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    await tellStory(number ?? `A${moment}-${randomBytes(3).toString("hex")}`);
  } else if (command === "settle" && number !== undefined && rest.length === 0) {
    await tellSettlement(number);
  } else {
    console.error("usage: node shop.mjs serve | story [ORDER] | settle ORDER");
    process.exitCode = 2;
  }
} catch (refused) {
  if (!(refused instanceof Refused)) throw refused;
  console.error(refused.message);
  process.exitCode = 1;
}
