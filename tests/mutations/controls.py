"""Tests whose guard is taken out by a test of its own, in the same file."""

from __future__ import annotations

# file: {control: the tests that it is for}
CONTROLS: dict[str, dict[str, tuple[str, ...]]] = {
    "tests/concurrency/test_crowd.py": {
        "test_control_without_the_locks_more_is_sold_than_there_is": ("test_two_hundred_buyers_of_twenty_things",),
    },
    "tests/concurrency/test_gift_cards.py": {
        "test_control_without_the_lock_more_is_spent_than_there_is": (
            "test_two_hundred_buyers_with_one_card_of_twenty_prices",
        ),
    },
    "tests/concurrency/test_invoices.py": {
        "test_without_the_lock_numbers_are_given_out_twice": (
            "test_two_hundred_invoices_by_eight_threads_have_no_gap",
        ),
        "test_a_sequence_leaves_gaps": ("test_where_every_tenth_fails_and_is_tried_again_there_is_no_gap",),
    },
    "tests/concurrency/test_placement.py": {
        "test_control_without_the_guard_more_is_sold_than_there_is": (
            "test_twenty_buyers_of_five_things_make_five_orders",
        ),
        "test_control_without_the_checkouts_lock_the_basket_is_ordered_by_chance_only": (
            "test_a_basket_submitted_sixteen_times_is_one_order",
        ),
        "test_control_without_the_offers_lock_it_is_used_more_often": ("test_a_site_offer_with_a_limit_stops_there",),
    },
    "tests/concurrency/test_payments.py": {
        "test_without_the_lock_too_much_goes_back": ("test_refunds_at_once_never_exceed_what_was_paid",),
    },
    "tests/concurrency/test_outbox.py": {
        "test_control_without_renewal_the_second_worker_sends_it_again": (
            "test_one_mail_that_takes_longer_than_a_lease_goes_out_once",
        ),
        "test_control_claimed_by_the_hundred_under_one_lease_they_go_out_twice": (
            "test_many_mails_take_longer_than_a_lease_and_none_goes_out_twice",
        ),
    },
    "tests/concurrency/test_people.py": {
        "test_control_without_the_lock_on_both_it_hangs_there": (
            "test_what_a_guest_chose_never_hangs_on_an_ordered_basket",
        ),
        "test_control_in_the_order_of_the_click_they_do": (
            "test_keeping_and_putting_back_do_not_wait_for_each_other_for_ever",
        ),
        "test_control_without_the_accounts_lock_there_are_several_lists": (
            "test_a_wish_of_several_clicks_is_one_wish_on_one_list",
        ),
        "test_control_without_the_accounts_lock_buyers_see_an_error": (
            "test_orders_at_once_to_one_address_keep_it_once",
        ),
        "test_control_without_holding_the_account_they_wait_for_each_other_for_ever": (
            "test_an_account_is_deleted_or_has_an_order_and_never_both",
        ),
        "test_control_a_form_that_writes_all_columns_forgets_it": (
            "test_what_is_promised_while_a_product_is_edited_stays_promised",
        ),
    },
    "tests/faults/test_kills.py": {
        "test_without_the_outbox_a_killed_process_loses_the_mail": ("test_the_message_of_a_payment",),
    },
}
