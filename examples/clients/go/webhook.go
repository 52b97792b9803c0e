package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const bodyBytesMax = 1 << 20

// whyNot says why this delivery is not taken for the service's own; "" if it is. body: the raw bytes.
func whyNot(header http.Header, body, key []byte, now time.Time, tolerance time.Duration) string {
	id, timestamp, signatures := header.Get("webhook-id"), header.Get("webhook-timestamp"), header.Get("webhook-signature")
	if id == "" || timestamp == "" || signatures == "" {
		return "a webhook header is missing"
	}
	// Somebody may replay an old delivery. The service signs each attempt anew, so its own are always fresh.
	seconds, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil || now.Sub(time.Unix(int64(seconds), 0)).Abs() > tolerance {
		return "webhook-timestamp is too far from this machine's clock"
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	// One signature per live secret: while the secret is being changed, ours may be the second.
	for _, one := range strings.Split(signatures, " ") {
		if hmac.Equal(expected, []byte(one)) {
			return ""
		}
	}
	return "no signature fits: another secret, or something on the way rewrites the body"
}

type event struct {
	Type string `json:"type"`
	Data struct {
		OutOrderNo string     `json:"out_order_no"`
		Order      reply      `json:"order"`
		Refund     *operation `json:"refund"`
		Settlement *operation `json:"settlement"`
	} `json:"data"`
}

func (e *event) amountFen() int64 {
	switch {
	case e.Data.Refund != nil:
		return e.Data.Refund.AmountFen
	case e.Data.Settlement != nil && e.Data.Settlement.SettleAmountFen != nil:
		return *e.Data.Settlement.SettleAmountFen
	case e.Data.Settlement != nil:
		return e.Data.Settlement.AmountFen
	}
	return e.Data.Order.PaidFen
}

// books are the shop's, one line per event: the line is both the work and the memory that it is done.
//
// In a shop: one database transaction that inserts the event's id, which is unique, and changes the order.
// Two separate steps would lose the work, or do it twice, when the program dies between them.
type books struct {
	path string
	lock sync.Mutex
}

// take does the work unless this event was there before; whether it did.
func (b *books) take(id string, e *event) (bool, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	file, err := os.OpenFile(b.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return false, err
	}
	defer file.Close()
	done := bufio.NewReader(file)
	for {
		line, err := done.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // what has no end of line was never finished
		} else if err != nil {
			return false, err
		}
		if strings.HasSuffix(line, " "+id+"\n") {
			return false, nil
		}
	}
	line := fmt.Sprintf("%s %s %d %s\n", e.Type, e.Data.OutOrderNo, e.amountFen(), id)
	if _, err := file.WriteString(line); err != nil {
		return false, err
	}
	if err := file.Sync(); err != nil {
		return false, err
	}
	fmt.Print("event ", line)
	return true, nil
}

// hear answers one delivery: a status, and a problem unless it is 204.
func hear(r *http.Request, b *books, key []byte, tolerance time.Duration) (int, string) {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, "only POST"
	}
	body, err := io.ReadAll(r.Body) // bytes: decoding and encoding again would change them
	if err != nil {
		return http.StatusRequestEntityTooLarge, err.Error()
	}
	if problem := whyNot(r.Header, body, key, time.Now(), tolerance); problem != "" {
		return http.StatusUnauthorized, problem
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	id := r.Header.Get("webhook-id")
	fresh, err := b.take(id, &e)
	if err != nil {
		return http.StatusInternalServerError, err.Error() // not done: the service will send it again
	}
	if !fresh {
		fmt.Println("again", id)
	}
	return http.StatusNoContent, ""
}

func serve() error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(setting("WEBHOOK_SECRET", ""), "whsec_"))
	if err != nil || len(key) < 24 {
		return errors.New("WEBHOOK_SECRET is not `whsec_` and the Base64 of a secret")
	}
	tolerance, err := time.ParseDuration(setting("WEBHOOK_TOLERANCE", "300") + "s")
	if err != nil {
		return fmt.Errorf("WEBHOOK_TOLERANCE: %w", err)
	}
	b := &books{path: setting("EVENTS_FILE", "events.log")}
	http.HandleFunc("/hooks", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyBytesMax)
		status, problem := hear(r, b, key, tolerance)
		if problem != "" {
			fmt.Println("refused", status, problem)
		}
		w.WriteHeader(status)
		io.WriteString(w, problem)
	})
	address := "127.0.0.1:" + setting("PORT", "3000")
	fmt.Println("listening on http://" + address + "/hooks")
	// The limit is for a sender that stops in the middle.
	server := http.Server{Addr: address, ReadTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
