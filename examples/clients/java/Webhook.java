import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hears the service's events: verify the raw bytes, do the work once, only then say 2xx. */
final class Webhook {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private final Path books = Path.of(Shop.setting("EVENTS_FILE", "events.log"));
    private final long tolerance = Long.parseLong(Shop.setting("WEBHOOK_TOLERANCE", "300"));
    private final byte[] key;

    private Webhook(String secret) {
        key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        if (key.length < 24) throw new IllegalArgumentException("WEBHOOK_SECRET is not `whsec_` and the Base64 of a secret");
    }

    /** Why this delivery is not taken for the service's own; null if it is. `body`: the raw bytes. */
    static String whyNot(Headers headers, byte[] body, byte[] key, Instant now, long tolerance)
            throws GeneralSecurityException {
        String id = headers.getFirst("webhook-id");
        String timestamp = headers.getFirst("webhook-timestamp");
        String signatures = headers.getFirst("webhook-signature");
        if (id == null || timestamp == null || signatures == null) return "a webhook header is missing";
        // Somebody may replay an old delivery. The service signs each attempt anew, so its own are always fresh.
        if (!timestamp.matches("[0-9]{1,12}")
                || Math.abs(now.getEpochSecond() - Long.parseLong(timestamp)) > tolerance) {
            return "webhook-timestamp is too far from this machine's clock";
        }
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.ISO_8859_1));
        var expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
        // One signature per live secret: while the secret is being changed, ours may be the second.
        for (String one : signatures.split(" ")) {
            if (MessageDigest.isEqual(expected, one.getBytes(StandardCharsets.UTF_8))) return null;
        }
        return "no signature fits: another secret, or something on the way rewrites the body";
    }

    /**
     * Does the work unless this event was there before; whether it did.
     *
     * <p>The shop's books are a file with one line per event: the line is both the work and the memory that it is done.
     * In a shop: one database transaction that inserts the event's id, which is unique, and changes the order.
     * Two separate steps would lose the work, or do it twice, when the program dies between them.
     */
    private synchronized boolean take(String id, Map<?, ?> event) throws IOException {
        var data = (Map<?, ?>) event.get("data");
        var about = (Map<?, ?>) first(data, "refund", "settlement", "order");
        var amount = first(about, "settle_amount_fen", "amount_fen", "paid_fen");
        String line = event.get("type") + " " + data.get("out_order_no") + " " + amount + " " + id + "\n";
        String done = Files.exists(books) ? Files.readString(books) : "";
        if (done.contains(" " + id + "\n")) return false;
        try (var file = FileChannel.open(books, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) file.write(bytes);
            file.force(true);
        }
        System.out.print("event " + line);
        return true;
    }

    private static Object first(Map<?, ?> map, String... names) {
        return Stream.of(names).filter(map::containsKey).map(map::get).findFirst().orElseThrow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST") || !exchange.getRequestURI().getPath().equals("/hooks")) {
                answer(exchange, 404, "no such path");
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1); // decoding would change them
            if (body.length > BODY_BYTES_MAX) {
                answer(exchange, 413, "the body is too large");
                return;
            }
            try {
                String problem = whyNot(exchange.getRequestHeaders(), body, key, Instant.now(), tolerance);
                if (problem != null) {
                    answer(exchange, 401, problem);
                    return;
                }
                String id = exchange.getRequestHeaders().getFirst("webhook-id");
                var event = (Map<?, ?>) Json.read(new String(body, StandardCharsets.UTF_8));
                if (!take(id, event)) System.out.println("again " + id);
            } catch (Exception cause) {
                answer(exchange, 500, cause.toString()); // not done, so not 2xx: the service will send it again
                return;
            }
            answer(exchange, 204, "");
        }
    }

    private static void answer(HttpExchange exchange, int status, String problem) throws IOException {
        if (!problem.isEmpty()) System.out.println("refused " + status + " " + problem);
        byte[] text = problem.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
        exchange.getResponseBody().write(text);
    }

    static void serve() throws IOException {
        System.setProperty("sun.net.httpserver.maxReqTime", "10"); // for a sender that stops in the middle
        var webhook = new Webhook(Shop.setting("WEBHOOK_SECRET", null));
        int port = Integer.parseInt(Shop.setting("PORT", "3000"));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/hooks", webhook::receive);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
        System.out.println("listening on http://127.0.0.1:" + port + "/hooks");
    }
}
