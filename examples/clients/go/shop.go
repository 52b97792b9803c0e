// A small shop on douyin-pay, with nothing but Go's standard library (1.19 or newer).
//
//	go run . serve            hear webhooks on PORT, do the work once per event
//	go run . story [ORDER]    open an order, wait until it is paid, refund a part, settle
//	go run . settle ORDER     settle an order whose settlement period is over
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	priceFen, refundFen, shareFen = 1280, 280, 60          // money is a whole number of fen, never a float
	shareReceiver                 = "69645835031835936200" // a merchant number is text: it overflows int64
	answerWithin                  = 20 * time.Second       // the service itself waits up to 8 s for the platform
	repeatFor                     = time.Minute
	payableFor                    = 15 * time.Minute
)

// object is what we send and what we need of an answer; whatever else an answer holds is passed over.
type object map[string]any

type operation struct {
	State           string `json:"state"`
	OutRefundNo     string `json:"out_refund_no"`
	OutSettleNo     string `json:"out_settle_no"`
	AmountFen       int64  `json:"amount_fen"`
	SettleAmountFen *int64 `json:"settle_amount_fen"`
	RakeFen         int64  `json:"rake_fen"`
}

// reply is an order, a refund, a settlement or a problem: the fields that we read of each.
type reply struct {
	operation
	PaidFen     int64           `json:"paid_fen"`
	RefundedFen int64           `json:"refunded_fen"`
	SettledFen  int64           `json:"settled_fen"`
	Settlements []operation     `json:"settlements"`
	Pay         json.RawMessage `json:"pay"`
	Code        string          `json:"code"`
	Detail      string          `json:"detail"`
}

// refused: the answer is no, or still open. A stable code, and a sentence that says the next step.
type refused struct {
	status       int
	code, detail string
}

func (r *refused) Error() string { return fmt.Sprintf("%d %s: %s", r.status, r.code, r.detail) }

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	if otherwise == "" {
		fmt.Fprintln(os.Stderr, "set the environment variable", name)
		os.Exit(2)
	}
	return otherwise
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d yuan", fen/100, fen%100) }

// send is one attempt: status, wait before a repeat, JSON. Status 0: no answer, so who knows.
func send(method, path string, body []byte) (int, time.Duration, reply) {
	segments := strings.Split(path, "/")
	for i := range segments {
		segments[i] = url.PathEscape(segments[i])
	}
	where := setting("DOUYIN_PAY_URL", "") + "/v1/apps/" + setting("DOUYIN_PAY_APP", "") + "/" + strings.Join(segments, "/")
	wait, told := 2*time.Second, reply{}
	request, err := http.NewRequest(method, where, bytes.NewReader(body))
	if err != nil {
		return 400, 0, reply{Detail: err.Error()}
	}
	request.Header.Set("Authorization", "Bearer "+setting("DOUYIN_PAY_KEY", ""))
	request.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: answerWithin}
	answer, err := client.Do(request)
	if err != nil {
		return 0, wait, told
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, wait, told
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 && seconds < 30 {
		wait = time.Duration(seconds) * time.Second
	}
	if json.Unmarshal(text, &told) != nil {
		told = reply{} // a proxy's page
	}
	return answer.StatusCode, wait, told
}

// ask is one request, repeated until its outcome is known. Our own number in it makes the repeats one request.
func ask(method, path string, fields object) (reply, error) {
	// Encoded once: a repeat must be the very same request. Other fields under the same number are a 409.
	var body []byte
	if fields != nil {
		body, _ = json.Marshal(fields) // texts and whole numbers: cannot fail
	}
	giveUpAt := time.Now().Add(repeatFor)
	for {
		status, wait, told := send(method, path, body)
		switch {
		case status == 200 || status == 201:
			return told, nil
		// 202: remembered, outcome open. 503: busy. 5xx without a code: a proxy that lost the service.
		case status == 0 || status == 202 || status == 503 || status >= 500 && told.Code == "":
		default:
			return told, &refused{status, told.Code, told.Detail}
		}
		if time.Now().After(giveUpAt) {
			return told, &refused{status, "", "no outcome yet; run the same command with the same number again"}
		}
		fmt.Fprintf(os.Stderr, "%s %s: %d, the same again in %s\n", method, path, status, wait)
		time.Sleep(wait)
	}
}

// until looks until the state is the wanted one. Good for a script; a shop acts on the webhook.
func until(path, wanted string, patience time.Duration) (reply, error) {
	for giveUpAt := time.Now().Add(patience); ; time.Sleep(time.Second) {
		seen, err := ask("GET", path, nil)
		if err != nil || seen.State == wanted {
			return seen, err
		}
		over := seen.State == "closed" || seen.State == "refused" || seen.State == "failed"
		if over || time.Now().After(giveUpAt) {
			return seen, &refused{200, "", fmt.Sprintf("%s is %s, not %s", path, seen.State, wanted)}
		}
	}
}

func openOrder(number string) (json.RawMessage, error) {
	// A shop stores the number with the cart before it asks: after a crash it asks with the same number again.
	order, err := ask("POST", "orders", object{
		"out_order_no":  number,
		"amount_fen":    priceFen,
		"subject":       "拿铁",
		"body":          "大杯拿铁",
		"valid_seconds": int(payableFor.Seconds()),
	})
	return order.Pay, err // hand this to the mini-program, for tt.pay
}

func refund(number string) (reply, error) {
	refundNo := "R-" + number // made from the order's number: told twice, refunded once
	_, err := ask("POST", "orders/"+number+"/refunds", object{
		"out_refund_no": refundNo,
		"amount_fen":    refundFen,
		"reason":        "少了一份糖",
	}) // taken on, not done: the platform needs ten seconds and more
	if err != nil {
		return reply{}, err
	}
	return until("refunds/"+refundNo, "succeeded", 2*time.Minute)
}

func settle(number string) (reply, error) {
	order, err := ask("GET", "orders/"+number, nil)
	if err != nil {
		return order, err
	}
	// A refused try uses up its number. Counting the failed ones gives a fresh number after a refusal,
	// and the same number again while the outcome of the last try is open.
	try := 1
	for _, one := range order.Settlements {
		if one.State == "failed" {
			try++
		}
	}
	settleNo := fmt.Sprintf("S%d-%s", try, number)
	_, err = ask("POST", "orders/"+number+"/settlements", object{
		"out_settle_no": settleNo,
		"description":   "结算与分账",
		"shares":        []object{{"merchant_uid": shareReceiver, "amount_fen": shareFen}},
	}) // we are not in the list: the seller gets what shares and fee leave
	if err != nil {
		return reply{}, err
	}
	return until("settlements/"+settleNo, "succeeded", 2*time.Minute)
}
