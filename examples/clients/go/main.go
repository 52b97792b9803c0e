package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"
)

func tellSettlement(number string) error {
	settled, err := settle(number)
	if err != nil {
		return err
	}
	fmt.Println("settled", settled.OutSettleNo, yuan(*settled.SettleAmountFen), "fee", yuan(settled.RakeFen))
	order, err := ask("GET", "orders/"+number, nil)
	if err != nil {
		return err
	}
	fmt.Println("order", number, order.State, "paid", yuan(order.PaidFen),
		"refunded", yuan(order.RefundedFen), "settled", yuan(order.SettledFen))
	return nil
}

func tellStory(number string) error {
	pay, err := openOrder(number)
	if err != nil {
		return err
	}
	fmt.Println("opened", number, yuan(priceFen))
	fmt.Println("pay", string(pay))
	paid, err := until("orders/"+number, "paid", payableFor)
	if err != nil {
		return err
	}
	fmt.Println("paid", number, yuan(paid.PaidFen))
	done, err := refund(number)
	if err != nil {
		return err
	}
	fmt.Println("refunded", done.OutRefundNo, yuan(done.AmountFen))
	err = tellSettlement(number)
	var no *refused
	if errors.As(err, &no) && no.code == "platform_refused" {
		// The platform settles some days after payment, usually seven; a shop does this every night.
		fmt.Println("not settled yet:", no)
		fmt.Println("later: go run . settle", number)
		return nil
	}
	return err
}

func run(words []string) error {
	switch {
	case len(words) == 1 && words[0] == "serve":
		return serve()
	case len(words) == 1 && words[0] == "story":
		random := make([]byte, 3)
		if _, err := rand.Read(random); err != nil {
			return err
		}
		return tellStory(time.Now().Format("A20060102150405-") + fmt.Sprintf("%x", random))
	case len(words) == 2 && words[0] == "story":
		return tellStory(words[1])
	case len(words) == 2 && words[0] == "settle":
		return tellSettlement(words[1])
	}
	fmt.Fprintln(os.Stderr, "usage: go run . serve | story [ORDER] | settle ORDER")
	os.Exit(2)
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
