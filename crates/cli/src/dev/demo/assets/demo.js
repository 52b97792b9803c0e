// The demo shop's page: sends what the visitor does, draws what the back end pushes.
"use strict";

const byTest = (name) => document.querySelector(`[data-test="${name}"]`);
const byId = (id) => document.getElementById(id);
const LANGS = ["zh-CN", "en"];
/** How long the cashier shows its own last word before it closes. */
const CASHIER_LINGERS_MS = 1800;
const PROBLEM_STAYS_MS = 8000;

let shown = null; // the last state that was pushed
let source = null; // the stream it comes from
let sheetWanted = false; // whether the visitor wants to see the cashier
let clock = { now: Date.now(), at: Date.now() };

/* ---- language -------------------------------------------------------------------------------- */

const lang = () => document.documentElement.lang;
const say = (words) => (lang() === "en" ? words.en : words.zh);

function speak(wanted) {
  document.documentElement.lang = LANGS.includes(wanted) ? wanted : "zh-CN";
  document.title = say({ zh: "douyin-pay · 演示商店", en: "douyin-pay · demo shop" });
  localStorage.setItem("lang", lang());
  frameUrl = "";
  tick();
  if (shown) draw(shown);
}

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
const STEPS = {
  create: { zh: "1 · 下单", en: "1 · Order" },
  pay: { zh: "2 · 付款结果", en: "2 · The payment’s outcome" },
  refund: { zh: "3 · 退款", en: "3 · Refund" },
  settle: { zh: "4 · 结算分账", en: "4 · Settlement with a share" },
};
const SIDES = {
  rest: { zh: "你的后端 → 支付服务", en: "Your back end → service" },
  platform: { zh: "支付服务 ⇄ 平台", en: "Service ⇄ platform" },
};

/* ---- talking to the back end ----------------------------------------------------------------- */

async function send(path, body) {
  let answer;
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    answer = { problem: { zh: "连不上演示商店，`douyin-pay dev` 还在运行吗？", en: "The demo shop does not answer; is `douyin-pay dev` still running?" } };
  }
  complain(answer.problem);
  return answer.problem ? null : answer;
}

let complaint = 0;
function complain(problem) {
  clearTimeout(complaint);
  byTest("problem").textContent = problem ? say(problem) : "";
  if (problem) complaint = setTimeout(() => complain(null), PROBLEM_STAYS_MS);
}

/** Runs `work` once at a time: the button is off meanwhile. */
async function once(button, work) {
  if (button.dataset.busy) return;
  button.dataset.busy = "yes";
  button.disabled = true;
  try {
    await work();
  } finally {
    delete button.dataset.busy;
    button.disabled = false;
    if (shown) enable(shown.view);
  }
}

const orderNumber = () => decodeURIComponent(location.hash.slice(1));

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
  if (!number) return drawNothing();
  source = new EventSource(`/api/orders/${encodeURIComponent(number)}/live`);
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (told.now) setClock(told.now);
    if (told.problem) return forget(told.problem);
    shown = told.order;
    draw(shown);
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

/* ---- drawing --------------------------------------------------------------------------------- */

const yuan = (fen) => `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawNothing() {
  byId("product").hidden = false;
  byId("order").hidden = true;
  byId("steps").hidden = true;
  byId("no-story").hidden = false;
  byId("live").classList.remove("on");
  byTest("timeline").replaceChildren();
  byId("step-list").replaceChildren();
  enable(null);
  drawSheet(null);
}

function draw({ view, cashier, timeline, steps }) {
  byId("product").hidden = true;
  byId("order").hidden = false;
  byId("no-story").hidden = true;
  byId("live").classList.add("on");
  byTest("order-no").textContent = view.out_order_no;
  byTest("state").dataset.state = view.state;
  byTest("state").textContent = say(STATES[view.state] ?? { zh: view.state, en: view.state });
  byId("way").textContent = view.way ? say(WAYS[view.way] ?? { zh: view.way, en: view.way }) : "–";
  byTest("refunded").textContent = yuan(view.refunded_fen);
  byTest("settled").textContent = yuan(view.settled_fen);
  enable(view);
  drawSheet(cashier);
  drawTimeline(timeline);
  drawSteps(steps);
}

/** What can be done now. */
function enable(view) {
  const paid = view?.state === "paid";
  const done = paid && view.settlements.some((one) => one.state === "succeeded" && one.finish !== false);
  for (const [name, possible] of [["refund", paid && view.refundable_fen > 0], ["settle", paid && !done]]) {
    const button = byTest(name);
    button.disabled = !possible || Boolean(button.dataset.busy);
  }
}

let frameUrl = "";
let lingering = 0;
function drawSheet(cashier) {
  byTest("cashier-open").hidden = !cashier;
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

const keyOf = (entry, index) => (entry.exchange ? `x${entry.exchange.n}` : `f${index}`);

/** Lines that are there already stay, so that what the visitor has opened stays open. */
function drawTimeline(timeline) {
  const list = byTest("timeline");
  const known = new Map([...list.children].map((line) => [line.dataset.key, line]));
  let facts = 0;
  const lines = timeline.map((entry) => {
    const key = keyOf(entry, entry.exchange ? 0 : facts++);
    const line = known.get(key) ?? makeLine(entry, key);
    fillLine(line, entry);
    return line;
  });
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  lines.forEach((line, index) => {
    if (list.children[index] !== line) list.insertBefore(line, list.children[index] ?? null);
  });
  while (list.children.length > lines.length) list.lastChild.remove();
  // Whoever scrolled up to read is left there.
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function makeLine(entry, key) {
  const said = element("span", { class: "said" });
  const line = element("li", { "data-kind": entry.kind, "data-key": key }, element("time", {}));
  if (!entry.exchange) line.append(said);
  else line.append(element("details", {}, element("summary", {}, said), shownBlock(entry.exchange)));
  return line;
}

function fillLine(line, entry) {
  line.querySelector("time").textContent = `${entry.at.slice(5, 10)} ${entry.at.slice(11, 23).replace(/[+Z].*/, "")}`;
  line.querySelector("time").dateTime = entry.at;
  const said = line.querySelector(".said");
  said.textContent = say(entry.words);
  said.classList.toggle("bad", Boolean(entry.exchange?.problem) || entry.exchange?.status >= 400);
  if (entry.exchange) fillAnswer(line.querySelector(".answer"), entry.exchange);
}

function shownBlock(exchange, name) {
  const head = element("div", { class: "head" }, name ?? "", copyButton(exchange.curl));
  const answer = element("pre", { class: "answer" });
  fillAnswer(answer, exchange);
  return element("div", { class: "shown" }, head, element("pre", name ? {} : { class: "curl" }, exchange.curl), answer);
}

function fillAnswer(answer, exchange) {
  const text = exchange.problem ?? (exchange.answer ? `→ ${exchange.status}  ${exchange.answer}` : exchange.status ? `→ ${exchange.status}` : "");
  answer.textContent = text;
  answer.hidden = !text;
}

function copyButton(text) {
  const button = element("button", { type: "button", class: "copy", "data-test": "copy" }, say({ zh: "复制", en: "Copy" }));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = say({ zh: "已复制", en: "Copied" });
    } catch {
      complain({ zh: "浏览器不允许复制，请手动选择文本。", en: "The browser does not allow copying; select the text by hand." });
    }
  });
  return button;
}

let drawnSteps = "";
function drawSteps(steps) {
  byId("steps").hidden = !steps.length;
  const drawn = lang() + JSON.stringify(steps);
  if (drawn === drawnSteps) return;
  drawnSteps = drawn;
  const blocks = steps.map((step) => {
    const sides = ["rest", "platform"].filter((side) => step[side]).map((side) => {
      const block = shownBlock(step[side], say(SIDES[side]));
      block.querySelector("pre").dataset.test = `${side}-curl`;
      return block;
    });
    return element("article", { class: "step", "data-test": "step", "data-step": step.name },
      element("h3", {}, say(STEPS[step.name])), element("div", { class: "pair" }, ...sides));
  });
  byId("step-list").replaceChildren(...blocks);
}

/* ---- the clock -------------------------------------------------------------------------------- */

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
  byTest("lang").addEventListener("click", () => speak(lang() === "en" ? "zh-CN" : "en"));
  byTest("buy").addEventListener("click", () => once(byTest("buy"), async () => {
    const bought = await send("/api/orders", { cart: cart() });
    if (!bought) return;
    sheetWanted = true;
    history.replaceState(null, "", `#${bought.number}`);
    follow(bought.number);
  }));
  byTest("another").addEventListener("click", another);
  byTest("cashier-open").addEventListener("click", () => { sheetWanted = true; if (shown) drawSheet(shown.cashier); });
  byTest("cashier-close").addEventListener("click", () => { sheetWanted = false; hideSheet(); });
  operation("refund-form", "refund", "refund-amount", "refunds");
  operation("settle-form", "settle", "share-amount", "settlements");
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
    once(byTest(button), () => send(`/api/orders/${encodeURIComponent(orderNumber())}/${list}`, { yuan: byTest(field).value, turn }));
  });
}

async function begin() {
  listen();
  speak({ en: "en", zh: "zh-CN" }[new URLSearchParams(location.search).get("lang")] ?? localStorage.getItem("lang"));
  setInterval(tick, 1000);
  const world = await (await fetch("/api/world")).json();
  setClock(world.now);
  for (const [name, on] of Object.entries(world.faults)) byTest(`fault-${name}`).checked = on;
  follow(orderNumber());
}

begin();
