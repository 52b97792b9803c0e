// The demo shop's page: sends what the visitor does, draws what the back end pushes.

import { allow, byId, byTest, complain, lang, once, say, send, speak, worded, yuan } from "./base.js";
import { drawNoStory, drawSteps, drawTimeline } from "./story.js";
import * as phone from "./phone.js";

/** How long the cashier shows its own last word before it closes. */
const CASHIER_LINGERS_MS = 1800;
/** What each payment system sells; the order's number begins with it. */
const ITEMS = { ecpay: "latte", trade: "tea" };

let shown = null; // the last state that was pushed
let source = null; // the stream it comes from
let sheetWanted = false; // whether the visitor wants to see the cashier
let clock = { now: Date.now(), at: Date.now() };

const STATES = {
  opening: { zh: "正在下单…", en: "Ordering…" },
  waiting: { zh: "待付款", en: "Waiting for payment" },
  paid: { zh: "已付款", en: "Paid" },
  closed: { zh: "未付款，已关闭", en: "Not paid, closed" },
  refused: { zh: "平台拒绝了订单", en: "The platform refused the order" },
};
const WAYS = {
  wechat: { zh: "微信支付", en: "WeChat Pay" },
  alipay: { zh: "支付宝", en: "Alipay" },
  bank_card: { zh: "银行卡", en: "Bank card" },
  douyin_pay: { zh: "抖音支付", en: "Douyin Pay" },
};

/* ---- the order on the page --------------------------------------------------------------------- */

const orderNumber = () => decodeURIComponent(location.hash.slice(1));

/** The payment system of the order on the page, or the one chosen for the next. */
const system = () => document.body.dataset.system;

function turnTo(wanted) {
  document.body.dataset.system = wanted in ITEMS ? wanted : "ecpay";
  localStorage.setItem("system", system());
  byTest(`system-${system()}`).checked = true;
}

/** One cart is one order, however often it is sent: also after a reload in the middle. */
function cart() {
  let made = sessionStorage.getItem("cart");
  if (!made) {
    made = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => (byte % 36).toString(36)).join("");
    sessionStorage.setItem("cart", made);
  }
  return made;
}

function follow(number) {
  source?.close();
  source = null;
  shown = null;
  phone.putAway();
  if (!number) return drawNothing();
  turnTo(number.startsWith("tea-") ? "trade" : "ecpay");
  source = new EventSource(`/api/orders/${encodeURIComponent(number)}/live`);
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (told.now) setClock(told.now);
    if (told.problem) return forget(told.problem);
    shown = told.order;
    draw();
  };
}

/** The order is of an earlier run of the demo. */
function forget(problem) {
  complain(problem);
  another();
}

function another() {
  sessionStorage.removeItem("cart");
  history.replaceState(null, "", location.pathname + location.search);
  sheetWanted = false;
  follow("");
}

/** Orders, or asks for the same order's `pay` again, and lets the phone pay. */
async function buy() {
  const [, item, kept] = /^(latte|tea)-(.+)$/.exec(orderNumber()) ?? [];
  const bought = await send("/api/orders", { item: item ?? ITEMS[system()], cart: kept ?? cart() });
  if (!bought) return;
  sheetWanted = true;
  if (bought.number !== orderNumber()) {
    history.replaceState(null, "", `#${bought.number}`);
    follow(bought.number);
  }
  if (bought.pay?.kind === "tt.requestOrder") phone.pay(bought.pay);
}

/* ---- drawing ----------------------------------------------------------------------------------- */

function drawNothing() {
  byId("product").hidden = false;
  byId("order").hidden = true;
  drawNoStory();
  enable();
  drawSheet(null);
}

function draw() {
  const { view, cashier, timeline, steps } = shown;
  byId("product").hidden = true;
  byId("order").hidden = false;
  byId("no-story").hidden = true;
  byId("live").classList.add("on");
  byTest("order-no").textContent = view.out_order_no;
  byTest("state").dataset.state = view.state;
  byTest("state").textContent = worded(STATES, view.state);
  byId("way").textContent = view.way ? worded(WAYS, view.way) : "–";
  byTest("refunded").textContent = yuan(view.refunded_fen);
  byTest("settled").textContent = yuan(view.settled_fen);
  enable();
  drawSheet(cashier);
  drawTimeline(timeline);
  drawSteps(steps);
}

/** What can be done now. */
function enable() {
  const view = shown?.view;
  const paid = view?.state === "paid";
  const done = paid && view.settlements.some((one) => one.state === "succeeded" && one.finish !== false);
  allow(byTest("refund"), paid && view.refundable_fen > 0);
  allow(byTest("settle"), paid && !done);
  byTest("cashier-open").hidden = !(shown?.cashier || (system() === "trade" && view?.state === "waiting"));
  phone.draw(shown);
}

let frameUrl = "";
let lingering = 0;
/** The mock's own cashier, in a frame: what `tt.pay` opens. */
function drawSheet(cashier) {
  if (!cashier && !byId("sheet").hidden && !lingering) {
    // The frame shows its own last word for a moment: paid, failed, timed out. Of the last it has not heard by itself.
    if (shown?.view.state === "closed" && frameUrl) byTest("cashier").src = frameUrl;
    lingering = setTimeout(() => { lingering = 0; sheetWanted = false; hideSheet(); }, shown ? CASHIER_LINGERS_MS : 0);
  }
  if (!cashier) return;
  clearTimeout(lingering);
  lingering = 0;
  if (!sheetWanted) return hideSheet();
  const url = `${cashier}&lang=${lang() === "en" ? "en" : "zh"}`;
  if (frameUrl !== url) {
    frameUrl = url;
    byTest("cashier").src = url;
  }
  byId("sheet").hidden = false;
}

function hideSheet() {
  byId("sheet").hidden = true;
  frameUrl = "";
}

/* ---- the clock --------------------------------------------------------------------------------- */

function setClock(now) {
  clock = { now, at: Date.now() };
  tick();
}

function tick() {
  const beijing = new Date(clock.now + (Date.now() - clock.at) + 8 * 3600 * 1000).toISOString();
  byTest("clock").textContent = `${beijing.slice(0, 10)} ${beijing.slice(11, 19)} ${say({ zh: "北京时间", en: "Beijing time" })}`;
}

/* ---- what the visitor does --------------------------------------------------------------------- */

function listen() {
  byTest("lang").addEventListener("click", () => turnLanguage(lang() === "en" ? "zh-CN" : "en"));
  for (const name of Object.keys(ITEMS)) byTest(`system-${name}`).addEventListener("change", () => turnTo(name));
  byTest("buy").addEventListener("click", () => once(byTest("buy"), buy, enable));
  byTest("another").addEventListener("click", another);
  byTest("cashier-open").addEventListener("click", () => {
    if (system() === "trade") return once(byTest("cashier-open"), buy, enable);
    sheetWanted = true;
    if (shown) drawSheet(shown.cashier);
  });
  byTest("cashier-close").addEventListener("click", () => { sheetWanted = false; hideSheet(); });
  operation("refund-form", "refund", "refund-amount", "refunds");
  operation("settle-form", "settle", "share-amount", "settlements");
  phone.listen(() => shown, enable);
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => once(button, async () => {
      const moved = await send("/api/clock", { seconds: Number(button.dataset.jump) });
      if (moved) setClock(moved.now);
    }));
  }
  const switches = [...document.querySelectorAll("[data-fault]")];
  for (const one of switches) {
    one.addEventListener("change", () => send("/api/faults", Object.fromEntries(switches.map((box) => [box.dataset.fault, box.checked]))));
  }
}

function operation(form, button, field, list) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    if (!shown) return;
    const turn = shown.view[list].length + 1;
    once(byTest(button), () => send(`/api/orders/${encodeURIComponent(orderNumber())}/${list}`, { yuan: byTest(field).value, turn }), enable);
  });
}

function turnLanguage(wanted) {
  speak(wanted);
  frameUrl = "";
  tick();
  if (shown) draw();
}

async function begin() {
  const asked = new URLSearchParams(location.search);
  listen();
  turnLanguage({ en: "en", zh: "zh-CN" }[asked.get("lang")] ?? localStorage.getItem("lang"));
  turnTo(asked.get("system") ?? localStorage.getItem("system"));
  setInterval(tick, 1000);
  const world = await (await fetch("/api/world")).json();
  for (const [name, on] of Object.entries(world.faults)) byTest(`fault-${name}`).checked = on;
  follow(orderNumber());
  setClock(world.now);
}

begin();
