<?php
// A small shop on douyin-pay, with nothing but PHP (8.1 or newer) and its curl extension.
//
//   php shop.php serve            hear webhooks on PORT, do the work once per event
//   php shop.php story [ORDER]    open an order, wait until it is paid, refund a part, settle
//   php shop.php settle ORDER     settle an order whose settlement period is over

declare(strict_types=1);

const PRICE_FEN = 1280, REFUND_FEN = 280, SHARE_FEN = 60; // money is a whole number of fen, never a float
const SHARE_RECEIVER = '69645835031835936200'; // a merchant number is text: it does not fit into 64 bits
const ANSWER_WITHIN = 20; // seconds; the service itself waits up to 8 for the platform
const REPEAT_FOR = 60;
const PAYABLE_FOR = 900;

/** The answer is no, or still open: a stable code, and a sentence that says the next step. */
final class Refused extends RuntimeException
{
    public readonly string $problem;

    public function __construct(int $status, array $problem)
    {
        $this->problem = $problem['code'] ?? '';
        parent::__construct("$status $this->problem: " . ($problem['detail'] ?? ''));
    }
}

function setting(string $name, ?string $otherwise = null): string
{
    $value = getenv($name) ?: $otherwise;
    if ($value === null) {
        fwrite(STDERR, "set the environment variable $name\n");
        exit(2);
    }
    return $value;
}

function yuan(int $fen): string
{
    return sprintf('%d.%02d yuan', intdiv($fen, 100), $fen % 100);
}

/** One attempt: status, seconds to wait before a repeat, JSON. Status 0: no answer, so who knows. */
function send(string $method, string $path, ?string $body): array
{
    $path = implode('/', array_map(rawurlencode(...), explode('/', $path)));
    $wait = 2;
    $call = curl_init(setting('DOUYIN_PAY_URL') . '/v1/apps/' . setting('DOUYIN_PAY_APP') . '/' . $path);
    curl_setopt_array($call, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . setting('DOUYIN_PAY_KEY'), 'Content-Type: application/json'],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => ANSWER_WITHIN,
        CURLOPT_HEADERFUNCTION => function ($call, string $line) use (&$wait): int {
            if (preg_match('/^retry-after: *([0-9]+)/i', $line, $found)) {
                $wait = max(1, min((int) $found[1], 30));
            }
            return strlen($line);
        },
    ]);
    if ($body !== null) {
        curl_setopt($call, CURLOPT_POSTFIELDS, $body);
    }
    $text = curl_exec($call);
    if ($text === false) {
        return [0, $wait, []];
    }
    $reply = json_decode($text, true);
    return [curl_getinfo($call, CURLINFO_RESPONSE_CODE), $wait, is_array($reply) ? $reply : []]; // else a proxy's page
}

/** One request, repeated until its outcome is known. Our own number in it makes the repeats one request. */
function ask(string $method, string $path, ?array $fields = null): array
{
    // Encoded once: a repeat must be the very same request. Other fields under the same number are a 409.
    $body = $fields === null ? null : json_encode($fields, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    $giveUpAt = hrtime(true) + REPEAT_FOR * 1_000_000_000;
    for (;;) {
        [$status, $wait, $reply] = send($method, $path, $body);
        if ($status === 200 || $status === 201) {
            return $reply;
        }
        // 202: remembered, outcome open. 503: busy. 5xx without a code: a proxy that lost the service.
        $outcomeOpen = in_array($status, [0, 202, 503], true) || ($status >= 500 && !isset($reply['code']));
        if (!$outcomeOpen) {
            throw new Refused($status, $reply);
        }
        if (hrtime(true) > $giveUpAt) {
            throw new Refused($status, ['detail' => 'no outcome yet; run the same command with the same number again']);
        }
        fwrite(STDERR, "$method $path: " . ($status ?: 'no answer') . ", the same again in $wait s\n");
        sleep($wait);
    }
}

/** Looks until the state is the wanted one. Good for a script; a shop acts on the webhook. */
function until(string $path, string $wanted, int $patience): array
{
    $giveUpAt = hrtime(true) + $patience * 1_000_000_000;
    for (;;) {
        $seen = ask('GET', $path);
        if ($seen['state'] === $wanted) {
            return $seen;
        }
        if (in_array($seen['state'], ['closed', 'refused', 'failed'], true) || hrtime(true) > $giveUpAt) {
            throw new Refused(200, ['detail' => "$path is {$seen['state']}, not $wanted"]);
        }
        sleep(1);
    }
}

function open_order(string $number): array
{
    // A shop stores the number with the cart before it asks: after a crash it asks with the same number again.
    $order = ask('POST', 'orders', [
        'out_order_no' => $number,
        'amount_fen' => PRICE_FEN,
        'subject' => '拿铁',
        'body' => '大杯拿铁',
        'valid_seconds' => PAYABLE_FOR,
    ]);
    return $order['pay']; // hand this to the mini-program, for tt.pay
}

function refund(string $number): array
{
    $refundNo = "R-$number"; // made from the order's number: told twice, refunded once
    ask('POST', "orders/$number/refunds", [
        'out_refund_no' => $refundNo,
        'amount_fen' => REFUND_FEN,
        'reason' => '少了一份糖',
    ]); // taken on, not done: the platform needs ten seconds and more
    return until("refunds/$refundNo", 'succeeded', 120);
}

function settle(string $number): array
{
    // A refused try uses up its number. Counting the failed ones gives a fresh number after a refusal,
    // and the same number again while the outcome of the last try is open.
    $tries = ask('GET', "orders/$number")['settlements'];
    $failed = count(array_filter($tries, fn (array $one): bool => $one['state'] === 'failed'));
    $settleNo = 'S' . ($failed + 1) . "-$number";
    ask('POST', "orders/$number/settlements", [
        'out_settle_no' => $settleNo,
        'description' => '结算与分账',
        'shares' => [['merchant_uid' => SHARE_RECEIVER, 'amount_fen' => SHARE_FEN]],
    ]); // we are not in the list: the seller gets what shares and fee leave
    return until("settlements/$settleNo", 'succeeded', 120);
}

function tell_settlement(string $number): void
{
    $settled = settle($number);
    echo "settled {$settled['out_settle_no']} ", yuan($settled['settle_amount_fen']), ' fee ', yuan($settled['rake_fen']), "\n";
    $order = ask('GET', "orders/$number");
    echo "order $number {$order['state']} paid ", yuan($order['paid_fen']),
        ' refunded ', yuan($order['refunded_fen']), ' settled ', yuan($order['settled_fen']), "\n";
}

function tell_story(string $number): void
{
    $pay = open_order($number);
    echo "opened $number ", yuan(PRICE_FEN), "\n";
    echo 'pay ', json_encode($pay, JSON_UNESCAPED_SLASHES), "\n";
    $paid = until("orders/$number", 'paid', PAYABLE_FOR);
    echo "paid $number ", yuan($paid['paid_fen']), "\n";
    $done = refund($number);
    echo "refunded {$done['out_refund_no']} ", yuan($done['amount_fen']), "\n";
    try {
        tell_settlement($number);
    } catch (Refused $refused) {
        if ($refused->problem !== 'platform_refused') {
            throw $refused;
        }
        // The platform settles some days after payment, usually seven; a shop does this every night.
        echo "not settled yet: {$refused->getMessage()}\nlater: php shop.php settle $number\n";
    }
}

function main(array $words): int
{
    [$command, $number] = $words + ['', null];
    if ($command === 'serve' && $number === null) {
        // PHP's own little server, in place of this process. In production php-fpm runs webhook.php.
        $limits = ['-d', 'post_max_size=1M', '-d', 'enable_post_data_reading=0'];
        pcntl_exec(PHP_BINARY, [...$limits, '-S', '127.0.0.1:' . setting('PORT', '3000'), __DIR__ . '/webhook.php']);
    } elseif ($command === 'story' && count($words) <= 2) {
        tell_story($number ?? date('\AYmdHis-') . bin2hex(random_bytes(3)));
        return 0;
    } elseif ($command === 'settle' && count($words) === 2) {
        tell_settlement($number);
        return 0;
    }
    fwrite(STDERR, "usage: php shop.php serve | story [ORDER] | settle ORDER\n");
    return 2;
}

try {
    exit(main(array_slice($argv, 1)));
} catch (Refused $refused) {
    fwrite(STDERR, $refused->getMessage() . "\n");
    exit(1);
}
