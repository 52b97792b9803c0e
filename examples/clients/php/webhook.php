<?php
// Hears the service's events: verify the raw bytes, do the work once, only then say 2xx.

declare(strict_types=1);

const BODY_BYTES_MAX = 1 << 20;

/** Why this delivery is not taken for the service's own; null if it is. `$body`: the raw bytes. */
function why_not(array $headers, string $body, string $key, int $now, int $tolerance): ?string
{
    ['webhook-id' => $id, 'webhook-timestamp' => $timestamp, 'webhook-signature' => $signatures] = $headers;
    if ($id === '' || $timestamp === '' || $signatures === '') {
        return 'a webhook header is missing';
    }
    // Somebody may replay an old delivery. The service signs each attempt anew, so its own are always fresh.
    if (!preg_match('/^[0-9]{1,12}$/D', $timestamp) || abs($now - (int) $timestamp) > $tolerance) {
        return "webhook-timestamp is too far from this machine's clock";
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // One signature per live secret: while the secret is being changed, ours may be the second.
    foreach (explode(' ', $signatures) as $one) {
        if (hash_equals($expected, $one)) {
            return null;
        }
    }
    return 'no signature fits: another secret, or something on the way rewrites the body';
}

/**
 * Does the work unless this event was there before; whether it did.
 *
 * The shop's books are a file with one line per event: the line is both the work and the memory that it is done.
 * In a shop: one database transaction that inserts the event's id, which is unique, and changes the order.
 * Two separate steps would lose the work, or do it twice, when the program dies between them.
 */
function take(string $file, string $id, array $event): bool
{
    $data = $event['data'];
    $about = $data['refund'] ?? $data['settlement'] ?? $data['order'];
    $amount = $about['settle_amount_fen'] ?? $about['amount_fen'] ?? $about['paid_fen'];
    $line = "{$event['type']} {$data['out_order_no']} $amount $id\n";
    $books = @fopen($file, 'a+');
    if ($books === false || !flock($books, LOCK_EX)) { // two deliveries at once, in two processes
        throw new RuntimeException("$file cannot be opened");
    }
    rewind($books);
    while (($done = fgets($books)) !== false) {
        if (str_ends_with($done, " $id\n")) {
            return false;
        }
    }
    if (fwrite($books, $line) !== strlen($line) || !fsync($books)) {
        throw new RuntimeException("$file cannot be written");
    }
    say("event $line");
    return true;
}

/** The bytes of the secret. An empty one would let everybody sign. */
function signing_key(): string
{
    $key = base64_decode(preg_replace('/^whsec_/', '', (string) getenv('WEBHOOK_SECRET')), true);
    if ($key === false || strlen($key) < 24) {
        throw new RuntimeException('WEBHOOK_SECRET is not `whsec_` and the Base64 of a secret');
    }
    return $key;
}

/** One line on the console of PHP's little server. */
function say(string $line): void
{
    file_put_contents('php://stdout', $line);
}

function answer(int $status, string $problem = ''): void
{
    if ($problem !== '') {
        say("refused $status $problem\n");
    }
    http_response_code($status);
    header('Content-Type: text/plain; charset=utf-8');
    echo $problem;
}

function receive(): void
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST' || $_SERVER['REQUEST_URI'] !== '/hooks') {
        answer(404, 'no such path');
        return;
    }
    // Raw: $_POST or decoding and encoding again would change the bytes that were signed.
    $body = file_get_contents('php://input', length: BODY_BYTES_MAX + 1);
    if (strlen($body) > BODY_BYTES_MAX) {
        answer(413, 'the body is too large');
        return;
    }
    $headers = [];
    foreach (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as $name) {
        $headers[$name] = $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '';
    }
    $tolerance = (int) (getenv('WEBHOOK_TOLERANCE') ?: 300);
    try {
        $problem = why_not($headers, $body, signing_key(), time(), $tolerance);
        if ($problem !== null) {
            answer(401, $problem);
            return;
        }
        $event = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
        if (!take(getenv('EVENTS_FILE') ?: 'events.log', $headers['webhook-id'], $event)) {
            say("again {$headers['webhook-id']}\n");
        }
        answer(204);
    } catch (Throwable $cause) {
        answer(500, $cause->getMessage()); // not done, so not 2xx: the service will send it again
    }
}

receive();
