//! The story of a store: what every database must do, told through the journal.
//!
//! Another database joins by implementing `Books` and adding one line at the end.

mod bills;
mod callbacks;
mod desk;
mod ecpay;
mod facts;
mod old_books;
mod outbox;
mod pages;
mod trade;
mod walk;

/// Tells the whole story over one kind of database.
macro_rules! tell {
    ($database:ident over $fresh:expr => $($chapter:ident { $($story:ident)+ })+) => {
        mod $database {
            $($(
                #[test]
                fn $story() {
                    crate::$chapter::$story(crate::desk::Desk::new($fresh));
                }
            )+)+
        }
    };
}

tell! { sqlite over crate::desk::SqliteBooks::fresh() =>
    walk {
        a_batch_sees_its_own_results
        everything_about_an_order_comes_back
        a_number_means_one_thing
        an_id_that_is_taken_is_moved
        due_orders_are_taken_once
        a_lease_survives_what_does_not_move_the_schedule
        what_was_committed_survives_a_crash_and_the_rest_is_gone
    }
    callbacks {
        the_same_callback_again_is_counted
        a_callback_that_came_first_is_told_again
        one_batch_may_bring_the_callback_and_then_its_order
        the_same_unknown_callback_is_counted
        a_refund_waits_for_the_platforms_number_of_its_order
        a_refund_waits_for_its_own_number
        a_callback_that_says_nothing_is_kept
    }
    ecpay {
        an_order_with_everything_comes_back_to_the_last_field
    }
    trade {
        a_trade_order_comes_back_to_the_last_field
        an_application_for_a_refund_waits_for_its_order
    }
    outbox {
        events_of_one_order_go_one_after_the_other
        a_dead_event_lets_the_next_go_on_and_may_be_sent_again
        a_lost_delivery_costs_only_time
        the_feed_is_read_in_order_and_by_app
        nobody_waits_for_a_delivery_that_nobody_knows
    }
    pages {
        orders_are_paged_from_the_newest
        exceptions_open_once_and_may_open_again
        calls_stand_in_the_timeline
        old_rows_are_forgotten_in_bites
        the_counts_say_what_waits
    }
    bills {
        rows_find_our_side
        a_day_is_paged
        a_difference_is_kept_once_and_opens_one_exception
        a_run_comes_back_as_it_was_written
        what_a_neighbouring_bill_had_is_remembered
        old_bills_are_forgotten_and_what_is_open_is_kept
    }
}
