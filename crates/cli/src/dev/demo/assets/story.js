// What happened, line by line; and each step as commands to copy.

import { byId, byTest, complain, element, lang, say, worded } from "./base.js";

const STEPS = {
  create: { zh: "下单", en: "Order" },
  pay: { zh: "付款结果", en: "The payment’s outcome" },
  sign: { zh: "下单：服务只签名，不调用平台", en: "Order: the service signs and calls nobody" },
  request_order: { zh: "小程序拿着签名去下单", en: "The mini-program places the order with the signature" },
  get_order_payment: { zh: "打开收银台，付款结果", en: "The cashier, and the payment’s outcome" },
  fulfil: { zh: "履约", en: "Fulfilment" },
  refund: { zh: "商家退款", en: "Refund by the merchant" },
  apply: { zh: "顾客申请退款", en: "The customer applies for a refund" },
  audit: { zh: "审核退款申请", en: "The merchant’s decision" },
  settle: { zh: "结算分账", en: "Settlement with a share" },
};
const SIDES = {
  rest: { zh: "你的后端 → 支付服务", en: "Your back end → service" },
  client: { zh: "手机 → 平台", en: "Phone → platform" },
  code: { zh: "小程序代码", en: "In the mini-program" },
  platform: { zh: "支付服务 ⇄ 平台", en: "Service ⇄ platform" },
};

const keyOf = (entry, index) => (entry.exchange ? `x${entry.exchange.n}` : `f${index}`);

/** Lines that are there already stay, so that what the visitor has opened stays open. */
export function drawTimeline(timeline) {
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
  const answer = element("pre", { class: "answer" });
  fillAnswer(answer, exchange);
  return textBlock(exchange.curl, name, answer);
}

/** A text to copy, with what came back below it. */
function textBlock(text, name, ...below) {
  const head = element("div", { class: "head" }, name ?? "", copyButton(text));
  return element("div", { class: "shown" }, head, element("pre", name ? {} : { class: "curl" }, text), ...below);
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
export function drawSteps(steps) {
  byId("steps").hidden = !steps.length;
  const drawn = lang() + JSON.stringify(steps);
  if (drawn === drawnSteps) return;
  drawnSteps = drawn;
  byId("step-list").replaceChildren(...steps.map((step, index) => stepBlock(step, index + 1)));
}

function stepBlock(step, count) {
  const blocks = [];
  const add = (side, block) => {
    block.querySelector("pre").dataset.test = side === "code" ? "code" : `${side}-curl`;
    blocks.push(block);
  };
  for (const side of ["rest", "client", "platform"].filter((side) => step[side])) {
    add(side, shownBlock(step[side], worded(SIDES, side)));
    if (step[side].code) add("code", textBlock(step[side].code, worded(SIDES, "code")));
  }
  return element("article", { class: "step", "data-test": "step", "data-step": step.name },
    element("h3", {}, `${count} · ${worded(STEPS, step.name)}`), element("div", { class: "pair" }, ...blocks));
}

export function drawNoStory() {
  byId("steps").hidden = true;
  byId("no-story").hidden = false;
  byId("live").classList.remove("on");
  byTest("timeline").replaceChildren();
  byId("step-list").replaceChildren();
  drawnSteps = "";
}
