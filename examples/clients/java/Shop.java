import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small shop on douyin-pay, with nothing but the JDK (17 or newer): javac -encoding UTF-8 -d out *.java, then
 *
 * <pre>
 * java -cp out Shop serve            hear webhooks on PORT, do the work once per event
 * java -cp out Shop story [ORDER]    open an order, wait until it is paid, refund a part, settle
 * java -cp out Shop settle ORDER     settle an order whose settlement period is over
 * </pre>
 */
final class Shop {
    // Money is a whole number of fen, never a double. A merchant number is text: it overflows a long.
    private static final long PRICE_FEN = 1280, REFUND_FEN = 280, SHARE_FEN = 60;
    private static final String SHARE_RECEIVER = "69645835031835936200";
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20); // the service waits up to 8 s itself
    private static final Duration REPEAT_FOR = Duration.ofSeconds(60);
    private static final int PAYABLE_FOR_SECONDS = 900;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).version(HttpClient.Version.HTTP_1_1).build();

    /** The answer is no, or still open: a stable code, and a sentence that says the next step. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String code;

        Refused(int status, Object code, Object detail) {
            super(status + " " + code + ": " + detail);
            this.code = String.valueOf(code);
        }
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        if (value != null && !value.isEmpty()) return value;
        if (otherwise == null) {
            System.err.println("set the environment variable " + name);
            System.exit(2);
        }
        return otherwise;
    }

    static String yuan(Object fen) {
        long amount = (Long) fen;
        return "%d.%02d yuan".formatted(amount / 100, amount % 100);
    }

    /** One attempt. Status 0: no answer, so who knows. */
    private record Attempt(int status, int waitSeconds, Map<?, ?> reply) {}

    private static Attempt send(String method, String path, String body) throws InterruptedException {
        var base = setting("DOUYIN_PAY_URL", null) + "/v1/apps/" + setting("DOUYIN_PAY_APP", null) + "/";
        var content = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_WITHIN).method(method, content)
                .header("Authorization", "Bearer " + setting("DOUYIN_PAY_KEY", null))
                .header("Content-Type", "application/json").build();
        try {
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            var told = answer.headers().firstValue("Retry-After").filter(text -> text.matches("[0-9]{1,3}"));
            int wait = Math.max(1, Math.min(told.map(Integer::valueOf).orElse(2), 30));
            return new Attempt(answer.statusCode(), wait, object(answer.body()));
        } catch (IOException cause) {
            return new Attempt(0, 2, Map.of());
        }
    }

    private static Map<?, ?> object(String text) {
        try {
            return Json.read(text) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IllegalArgumentException cause) {
            return Map.of(); // a proxy's page
        }
    }

    /** One request, repeated until its outcome is known. Our own number in it makes the repeats one request. */
    private static Map<?, ?> ask(String method, String path, Map<String, ?> fields) throws InterruptedException {
        // Encoded once: a repeat must be the very same request. Other fields under the same number are a 409.
        String body = fields == null ? null : Json.write(fields);
        long giveUpAt = System.nanoTime() + REPEAT_FOR.toNanos();
        while (true) {
            var attempt = send(method, path, body);
            int status = attempt.status;
            if (status == 200 || status == 201) return attempt.reply;
            // 202: remembered, outcome open. 503: busy. 5xx without a code: a proxy that lost the service.
            boolean outcomeOpen = status == 0 || status == 202 || status == 503
                    || status >= 500 && !attempt.reply.containsKey("code");
            if (!outcomeOpen) throw new Refused(status, attempt.reply.get("code"), attempt.reply.get("detail"));
            if (System.nanoTime() - giveUpAt > 0) {
                throw new Refused(status, "", "no outcome yet; run the same command with the same number again");
            }
            System.err.println(method + " " + path + ": " + status + ", the same again in " + attempt.waitSeconds + " s");
            Thread.sleep(attempt.waitSeconds * 1000L);
        }
    }

    /** Looks until the state is the wanted one. Good for a script; a shop acts on the webhook. */
    private static Map<?, ?> until(String path, String wanted, int patienceSeconds) throws InterruptedException {
        long giveUpAt = System.nanoTime() + Duration.ofSeconds(patienceSeconds).toNanos();
        while (true) {
            var seen = ask("GET", path, null);
            var state = (String) seen.get("state");
            if (state.equals(wanted)) return seen;
            if (List.of("closed", "refused", "failed").contains(state) || System.nanoTime() - giveUpAt > 0) {
                throw new Refused(200, "", path + " is " + state + ", not " + wanted);
            }
            Thread.sleep(1000);
        }
    }

    private static Map<?, ?> openOrder(String number) throws InterruptedException {
        // A shop stores the number with the cart before it asks: after a crash it asks with the same number again.
        var order = ask("POST", "orders", Map.of(
                "out_order_no", number,
                "amount_fen", PRICE_FEN,
                "subject", "拿铁",
                "body", "大杯拿铁",
                "valid_seconds", PAYABLE_FOR_SECONDS));
        return (Map<?, ?>) order.get("pay"); // hand this to the mini-program, for tt.pay
    }

    private static Map<?, ?> refund(String number) throws InterruptedException {
        String refundNo = "R-" + number; // made from the order's number: told twice, refunded once
        ask("POST", "orders/" + number + "/refunds", Map.of(
                "out_refund_no", refundNo,
                "amount_fen", REFUND_FEN,
                "reason", "少了一份糖")); // taken on, not done: the platform needs ten seconds and more
        return until("refunds/" + refundNo, "succeeded", 120);
    }

    private static Map<?, ?> settle(String number) throws InterruptedException {
        // A refused try uses up its number. Counting the failed ones gives a fresh number after a refusal,
        // and the same number again while the outcome of the last try is open.
        var tries = (List<?>) ask("GET", "orders/" + number, null).get("settlements");
        long failed = tries.stream().filter(one -> "failed".equals(((Map<?, ?>) one).get("state"))).count();
        String settleNo = "S" + (failed + 1) + "-" + number;
        ask("POST", "orders/" + number + "/settlements", Map.of(
                "out_settle_no", settleNo,
                "description", "结算与分账",
                "shares", List.of(Map.of("merchant_uid", SHARE_RECEIVER, "amount_fen", SHARE_FEN))));
        // We are not in the list: the seller gets what shares and fee leave.
        return until("settlements/" + settleNo, "succeeded", 120);
    }

    private static void tellSettlement(String number) throws InterruptedException {
        var settled = settle(number);
        System.out.println("settled " + settled.get("out_settle_no") + " " + yuan(settled.get("settle_amount_fen"))
                + " fee " + yuan(settled.get("rake_fen")));
        var order = ask("GET", "orders/" + number, null);
        System.out.println("order " + number + " " + order.get("state") + " paid " + yuan(order.get("paid_fen"))
                + " refunded " + yuan(order.get("refunded_fen")) + " settled " + yuan(order.get("settled_fen")));
    }

    private static void tellStory(String number) throws InterruptedException {
        var pay = openOrder(number);
        System.out.println("opened " + number + " " + yuan(PRICE_FEN));
        System.out.println("pay " + Json.write(pay));
        var paid = until("orders/" + number, "paid", PAYABLE_FOR_SECONDS);
        System.out.println("paid " + number + " " + yuan(paid.get("paid_fen")));
        var done = refund(number);
        System.out.println("refunded " + done.get("out_refund_no") + " " + yuan(done.get("amount_fen")));
        try {
            tellSettlement(number);
        } catch (Refused refused) {
            if (!refused.code.equals("platform_refused")) throw refused;
            // The platform settles some days after payment, usually seven; a shop does this every night.
            System.out.println("not settled yet: " + refused.getMessage() + "\nlater: java -cp out Shop settle " + number);
        }
    }

    public static void main(String[] words) throws Exception {
        String command = String.join(" ", words).replaceFirst(" .*", "");
        try {
            if (command.equals("serve") && words.length == 1) {
                Webhook.serve();
            } else if (command.equals("story") && words.length <= 2) {
                var moment = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
                var random = Integer.toHexString(new SecureRandom().nextInt(1 << 24));
                tellStory(words.length == 2 ? words[1] : "A" + moment + "-" + random);
            } else if (command.equals("settle") && words.length == 2) {
                tellSettlement(words[1]);
            } else {
                System.err.println("usage: java -cp out Shop serve | story [ORDER] | settle ORDER");
                System.exit(2);
            }
        } catch (Refused refused) {
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }
}
