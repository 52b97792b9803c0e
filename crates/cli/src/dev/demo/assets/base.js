// What every part of the page needs: elements, language, requests, money.

export const byTest = (name) => document.querySelector(`[data-test="${name}"]`);
export const byId = (id) => document.getElementById(id);

const LANGS = ["zh-CN", "en"];
const PROBLEM_STAYS_MS = 8000;

/* ---- language -------------------------------------------------------------------------------- */

export const lang = () => document.documentElement.lang;
export const say = (words) => (lang() === "en" ? words.en : words.zh);

export function speak(wanted) {
  document.documentElement.lang = LANGS.includes(wanted) ? wanted : "zh-CN";
  document.title = say({ zh: "douyin-pay · 演示商店", en: "douyin-pay · demo shop" });
  localStorage.setItem("lang", lang());
}

/** A word of the interface for a word of the service; an unknown one stays what it is. */
export const worded = (table, word) => say(table[word] ?? { zh: word, en: word });

/* ---- talking to the back end ----------------------------------------------------------------- */

/** Posts JSON and gives the answer's JSON; a problem is shown, and the answer is null. */
export async function send(path, body) {
  let answer;
  try {
    answer = await post(path, body);
  } catch {
    answer = { problem: { zh: "连不上演示商店，`douyin-pay dev` 还在运行吗？", en: "The demo shop does not answer; is `douyin-pay dev` still running?" } };
  }
  complain(answer.problem);
  return answer.problem ? null : answer;
}

export async function post(path, body) {
  const response = await fetch(path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  return response.json();
}

let complaint = 0;
export function complain(problem) {
  clearTimeout(complaint);
  byTest("problem").textContent = problem ? say(problem) : "";
  if (problem) complaint = setTimeout(() => complain(null), PROBLEM_STAYS_MS);
}

/** Runs `work` once at a time: the button is off meanwhile, and `after` says what can be done then. */
export async function once(button, work, after) {
  if (button.dataset.busy) return;
  button.dataset.busy = "yes";
  button.disabled = true;
  try {
    await work();
  } finally {
    delete button.dataset.busy;
    button.disabled = false;
    after?.();
  }
}

/** A button in the middle of its work stays off, whatever is possible. */
export function allow(button, possible) {
  button.disabled = !possible || Boolean(button.dataset.busy);
}

/* ---- elements and money ------------------------------------------------------------------------ */

export const yuan = (fen) => `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

/** A sum as a person types it, in whole fen; null for anything else. */
export function fenOf(text) {
  const parts = /^¥?(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!parts) return null;
  const fen = Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
  return fen > 0 ? fen : null;
}

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
