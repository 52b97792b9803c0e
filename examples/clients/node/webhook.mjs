// Hears the service's events: verify the raw bytes, do the work once, only then say 2xx.

import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const BODY_BYTES_MAX = 1 << 20;

/** Why this delivery is not taken for the service's own; undefined if it is. `body`: the raw bytes. */
export function whyNot(headers, body, key, nowSeconds, tolerance) {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
  if (!id || !timestamp || !signatures) return "a webhook header is missing";
  // Somebody may replay an old delivery. The service signs each attempt anew, so its own are always fresh.
  if (!/^[0-9]{1,12}$/.test(timestamp) || !(Math.abs(nowSeconds - Number(timestamp)) <= tolerance)) {
    return "webhook-timestamp is too far from this machine's clock";
  }
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`, "latin1").update(body).digest("base64");
  const expected = Buffer.from(`v1,${digest}`);
  // One signature per live secret: while the secret is being changed, ours may be the second.
  const fits = signatures.split(" ").map((one) => Buffer.from(one)).some(
    // timingSafeEqual throws when the lengths differ, as they do for a truncated signature.
    (one) => one.length === expected.length && timingSafeEqual(one, expected),
  );
  if (!fits) return "no signature fits: another secret, or something on the way rewrites the body";
}

/**
 * The shop's books, one line per event: the line is both the work and the memory that it is done.
 *
 * In a shop: one database transaction that inserts the event's id, which is unique, and changes the order.
 * Two separate steps would lose the work, or do it twice, when the program dies between them.
 * Everything here is synchronous on purpose: two deliveries at once cannot both find the id missing.
 */
function take(file, id, { type, data }) {
  const about = data.refund ?? data.settlement ?? data.order;
  const amount = about.settle_amount_fen ?? about.amount_fen ?? about.paid_fen;
  const line = `${type} ${data.out_order_no} ${amount} ${id}\n`;
  const done = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
  if (done.some((earlier) => earlier.endsWith(` ${id}`))) return false;
  const open = openSync(file, "a");
  try {
    writeSync(open, line);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  process.stdout.write(`event ${line}`);
  return true;
}

/** All bytes of the body, or undefined when there are too many. */
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks); // bytes: decoding and encoding again would change them
}

export function serve(port, file, secret, tolerance) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (key.length < 24) throw new Error("WEBHOOK_SECRET is not `whsec_` and the Base64 of a secret");
  const server = createServer(async (request, response) => {
    const answer = (status, problem = "") => {
      if (problem) console.log("refused", status, problem);
      response.writeHead(status, { Connection: "close" }).end(problem);
    };
    try {
      if (request.method !== "POST" || request.url !== "/hooks") return answer(404, "no such path");
      const body = await read(request);
      if (body === undefined) return answer(413, "the body is too large");
      const problem = whyNot(request.headers, body, key, Date.now() / 1000, tolerance);
      if (problem) return answer(401, problem);
      const id = request.headers["webhook-id"];
      if (!take(file, id, JSON.parse(body))) console.log("again", id);
      answer(204);
    } catch (cause) {
      answer(500, String(cause)); // not done, so not 2xx: the service will send it again
    }
  });
  server.requestTimeout = 10_000; // for a sender that stops in the middle
  server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}/hooks`));
}
