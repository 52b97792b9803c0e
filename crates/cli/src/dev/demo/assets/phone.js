// The customer's phone in the general trade system: `tt` is played by the page, the cashier too.

import { CHANNELS, pretendTt } from "./tt.js";
import { allow, byId, byTest, complain, element, fenOf, lang, once, post, say, send, worded, yuan } from "./base.js";

const FULFILMENTS = {
  fulfill_wait: { zh: "还没开始", en: "Not begun" },
  fulfilling: { zh: "进行中", en: "Under way" },
  fulfill_done: { zh: "已完成", en: "Done" },
};
const AUDITS = {
  agree: { zh: "已同意", en: "agreed" },
  deny: { zh: "已拒绝", en: "refused" },
  overtime: { zh: "超过三天没有答复，平台自动退款", en: "three days of silence: refunded by the platform" },
  free: { zh: "服务还没开始，不需要审核", en: "the service had not begun: no audit" },
  auditing: { zh: "等平台确认", en: "waiting for the platform" },
};

/** Who the mini-program says the customer is. */
const OPEN_ID = "demo-visitor";

const tt = pretendTt({ send: (call, body) => post(`/mock/client/${call}`, body), cashier: askCustomer, openId: OPEN_ID });

/* ---- paying ------------------------------------------------------------------------------------ */

/** What the mini-program does with `pay`: the very calls of the guide. */
export function pay(answer) {
  return new Promise((done) => {
    const fail = (result) => {
      // The customer's own "no" is no failure.
      if (!/cancel|closed/.test(result.errMsg ?? "")) complainOf(result);
      done();
    };
    tt.requestOrder({
      data: answer.data,
      byteAuthorization: answer.byteAuthorization,
      success: (placed) => tt.getOrderPayment({ orderId: placed.orderId, success: done, fail }),
      fail,
    });
  });
}

function complainOf({ errNo, errMsg, errLogId }) {
  const text = [errNo, errMsg, errLogId].filter(Boolean).join(" · ");
  complain({ zh: `平台不接受：${text}`, en: `The platform says no: ${text}` });
}

let answered = null; // what the customer's choice is told to, while the cashier is open

/** Shows the cashier and waits for the customer. */
function askCustomer() {
  answered?.({ outcome: "ignore", channel: 0 });
  byId("tt-sheet").hidden = false;
  byTest("tt-pay").focus({ preventScroll: true });
  return new Promise((resolve) => { answered = resolve; });
}

function choose(outcome) {
  byId("tt-sheet").hidden = true;
  const way = document.querySelector("[name=tt-way]:checked").value;
  answered?.({ outcome, channel: CHANNELS[way] });
  answered = null;
}

/** Another order, another customer: nobody waits for the old cashier. */
export function putAway() {
  if (answered) choose("ignore");
  byId("tt-sheet").hidden = true;
}

/* ---- after payment ------------------------------------------------------------------------------ */

/** `shown()` is the order on the page; `redraw` says what can be done after an act. */
export function listen(shown, redraw) {
  byTest("tt-pay").addEventListener("click", () => choose("pay"));
  byTest("tt-cancel").addEventListener("click", () => choose("cancel"));
  byTest("tt-close").addEventListener("click", () => choose("ignore"));
  byId("apply-form").addEventListener("submit", (event) => {
    event.preventDefault();
    once(byTest("apply"), () => apply(shown()?.view), redraw);
  });
  byTest("confirm").addEventListener("click", () =>
    once(byTest("confirm"), () => tell("confirm_fulfillment", { orderId: shown()?.view.platform_order_id }), redraw));
  byTest("audits").addEventListener("click", (event) => {
    const button = event.target.closest("[data-refund]");
    if (button) once(button, () => decide(shown(), button.dataset), redraw);
  });
  for (const button of document.querySelectorAll("[data-fulfil]")) {
    button.addEventListener("click", () =>
      once(button, () => send(`/api/orders/${encodeURIComponent(shown().view.out_order_no)}/fulfilments`, { to_status: button.dataset.fulfil }), redraw));
  }
}

async function apply(view) {
  const fen = fenOf(byTest("apply-amount").value);
  if (!fen) return complain({ zh: "退款金额请写成元，最多两位小数，例如 5.00。", en: "The refund must be yuan with at most two decimals, for example 5.00." });
  await tell("apply_refund", { orderId: view.platform_order_id, amount: fen, reason: "不想要了", source: 1 });
}

/** Something the customer does in Douyin's own screens. */
async function tell(call, body) {
  const answer = await post(`/mock/client/${call}`, body);
  if (answer.errNo) complainOf(answer);
}

function decide(shown, { refund, agree }) {
  const path = [shown.view.out_order_no, "refunds", refund, "audit"].map(encodeURIComponent).join("/");
  return send(`/api/orders/${path}`, { agree: agree === "yes" });
}

export function draw(shown) {
  const view = shown?.view;
  byId("tt-amount").textContent = view ? yuan(view.total_fen) : "";
  if (view && view.state !== "waiting") putAway();
  const paid = view?.state === "paid";
  byId("customer").hidden = !paid;
  allow(byTest("apply"), paid && view.refundable_fen > 0);
  drawFulfilment(paid ? (shown.fulfilment ?? "fulfill_wait") : "");
  drawAudits((view?.refunds ?? []).filter((refund) => ["user", "customer_service"].includes(refund.origin)));
}

/** Forward only: what may be told next is on, the rest is off. */
function drawFulfilment(state) {
  const next = { fulfill_wait: "fulfilling", fulfilling: "fulfill_done" }[state];
  for (const button of document.querySelectorAll("[data-fulfil]")) allow(button, button.dataset.fulfil === next);
  allow(byTest("confirm"), state === "fulfilling");
  const shown = byTest("fulfilment");
  shown.dataset.state = state;
  shown.textContent = state ? worded(FULFILMENTS, state) : "–";
}

let drawnAudits = "";
function drawAudits(refunds) {
  const drawn = lang() + JSON.stringify(refunds.map((refund) => [refund.out_refund_no, refund.state, refund.audit]));
  if (drawn === drawnAudits) return;
  drawnAudits = drawn;
  byTest("audits").replaceChildren(...refunds.map(auditLine));
}

function auditLine(refund) {
  const { audit, state } = refund;
  const open = state === "auditing" && !audit?.decision;
  const words = open ? say({ zh: `${until(audit?.deadline_at)} 前不答复就自动退款`, en: `refunded by itself after ${until(audit?.deadline_at)}` }) : worded(AUDITS, verdict(refund));
  const line = element("li", { "data-state": open ? "open" : verdict(refund) },
    element("b", {}, yuan(refund.amount_fen)), element("span", {}, refund.reason || say({ zh: "没有写原因", en: "no reason given" })), element("em", {}, words));
  if (open) {
    const button = (agree, test, words) =>
      element("button", { type: "button", "data-test": test, "data-agree": agree, "data-refund": refund.out_refund_no }, say(words));
    line.append(element("div", { class: "row even" },
      button("yes", "agree", { zh: "同意退款", en: "Agree" }), button("no", "refuse", { zh: "拒绝", en: "Refuse" })));
  }
  return line;
}

/** What became of it. */
function verdict({ state, audit }) {
  if (state === "failed") return "deny";
  if (!audit?.needed) return "free";
  if (audit.decision?.agree || audit.status === "agree") return "agree";
  // Money that went back without anybody's word: the deadline has passed.
  return state === "succeeded" || audit.status === "overtime" ? "overtime" : "auditing";
}

const until = (time) => (time ? `${time.slice(5, 10)} ${time.slice(11, 16)}` : "?");
