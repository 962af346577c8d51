"""Where rules and a bureau's day parted ways: each situation, and the test that proves its mend.

A test that is renamed or taken out leaves its situation unproven, and that fails.
"""

import pytest

from tests.builders.cast import ROOT

SITUATIONS = {
    # Facts that anyone could rewrite
    "a second commit moves the time of a reply":
        "history/test_corrections.py::test_a_late_reply_that_a_correction_heals_stays_visible",
    "a person whom the record names puts a time right":
        "hostile/test_f09_f15_corrections.py::"
        "test_f10_no_person_whom_the_record_names_heals_a_time_and_no_contractor_does",
    "a correction is taken back":
        "hostile/test_f09_f15_corrections.py::test_f14_a_correction_that_stands_is_never_taken_back",
    "a stranger signs what a record says":
        "hostile/test_f01_f08_attestations.py::test_f1_a_stranger_signs",
    "what rests on unsigned records counts as checked":
        "law/test_engine_declared.py::"
        "test_what_rests_on_records_is_entered_until_every_event_is_signed",
    "a clerk types the decision of two leaders":
        "cli/test_attest.py::test_a_leaders_decision_that_the_clerk_typed_opens_nothing",
    "a leader decides on several accounts at once":
        "cli/test_attest.py::test_one_signature_decides_on_several_events",
    "an inquiry is entered weeks late": "e2e/test_month.py::"
        "test_the_month_stands_with_its_faults_explained",
    # An approved post must be publishable
    "the leader signs the next morning, or it is recorded past midnight":
        "rules/test_next_command.py::"
        "test_an_approved_post_is_never_refused_for_when_it_went_out",
    "a mandatory disclosure is late": "rules/test_a03_responsibility.py::"
        "test_3_violated_mandatory_disclosure_on_the_twenty_first_working_day",
    "a post links a ministry's article on a platform": "rules/test_a08_account_changes.py::"
        "test_1_boundary_a_link_to_an_account_of_others_is_noted",
    "a handover is entered in the register days later":
        "rules/test_a14_account_safety_people.py::"
        "test_3_boundary_the_register_follows_a_handover_within_days",
    "the first reviewer corrected a character":
        "hostile/test_a08_self_approval.py::test_the_first_reviewer_alone_may_have_prepared_the_post",
    # Rules that a sloppy bureau passed
    "a post of another topic relays an item": "rules/test_a05_updates_relays.py::"
        "test_4_violated_a_post_of_another_topic_is_no_relay",
    "a post of days before relays an item": "rules/test_a05_updates_relays.py::"
        "test_4_violated_a_post_that_came_before_the_item_relays_nothing",
    "a relay names fewer accounts":
        "rules/test_a05_updates_relays.py::test_4_violated_fewer_accounts_need_a_reason",
    "a notice comes ten days after its item":
        "rules/test_a05_updates_relays.py::test_4_boundary_a_notice_long_after_the_item_is_told",
    "a reprint loses 不 from five instructions": "rules/test_a09_reposts_shown.py::"
        "test_5_violated_five_safety_tips_lose_their_negation",
    "an excerpt changes a sentence": "rules/test_a09_reposts_shown.py::"
        "test_5_boundary_an_excerpt_keeps_whole_sentences_and_a_reprint_all_of_them",
    "the source is an account on a platform":
        "rules/test_a09_reposts.py::test_2_accepted_an_article_of_the_ministrys_account",
    "a title that says nothing hides what a text is about": "detect/test_subjects.py::"
        "test_under_a_title_that_says_nothing_the_body_is_not_certain",
    "a report of a hazard is entered as general":
        "rules/test_a12_replies.py::test_3_violated_a_report_of_a_hazard_entered_as_general",
    "a rude answer": "rules/test_a12_replies_events.py::test_8_violated_a_rude_answer",
    "a default that was not entered satisfies a veto":
        "rules/test_a12_replies_events.py::test_7_boundary_what_was_not_entered_is_not_known",
    "followers nearly double in three weeks":
        "rules/test_a16_conduct.py::test_1_violated_followers_nearly_double_in_three_weeks",
    "ten months without figures":
        "rules/test_a16_conduct.py::test_1_violated_ten_months_without_figures",
    "a filing with our own office": "rules/test_a08_account_changes_events.py::"
        "test_2_violated_filed_with_our_own_office",
    "a closed account is told to publish": "rules/test_a08_account_changes_events.py::"
        "test_1_violated_a_closed_account_is_told_to_publish",
    "a fake account is open for seven months": "rules/test_a14_account_safety_people.py::"
        "test_6_violated_a_fake_account_is_open_for_seven_months",
    "the founding account is given its number": "rules/test_a08_account_changes_events.py::"
        "test_3_accepted_the_first_number_of_the_founding_account",
    "an invisible character leaves a body unread": "law/test_engine_unread.py::"
        "test_an_invisible_character_leaves_the_private_data_of_a_body_unchecked",
    "one signature covers what falls due together":
        "e2e/test_month.py::test_what_falls_due_can_be_signed_at_once",
    # Detectors
    "a protected term is one sign off":
        "rules/test_a15_confirmation_words.py::test_2_violated_a_protected_term_is_one_sign_off",
    "pressure to share without a listed word":
        "rules/test_a16_conduct_words.py::test_2_boundary_pressure_without_a_listed_word",
    "label and value stand in two cells":
        "detect/test_folding.py::test_marks_go_and_cells_are_read_with_their_labels",
    "a labelled number is spaced, in parts, or has a slip":
        "detect/test_private_written.py::test_a_labelled_value_is_found_however_it_is_set",
    "colour and level of an alert stand apart":
        "detect/test_alerts.py::test_pairs_that_do_not_belong_together",
    "a number of the title is not in the text": "detect/test_titles.py::test_titles_not_borne_out",
    "a victim of any surname":
        "detect/test_private.py::test_names_of_those_who_suffer_with_any_surname",
    "an initial password in prose":
        "detect/test_secrets.py::test_passwords_in_prose_and_keys_of_platforms",
    "HTML in a body": "rules/test_a10_quality_language.py::"
        "test_3_violated_html_is_refused_with_its_line",
    # Labels of what a machine made
    "a picture says that a machine made it":
        "detect/test_machine_made.py::test_a_label_is_read_wherever_it_stands",
    "`ai: none` beside a label":
        "rules/test_a13_content_safety_statements.py::test_5_violated_a_label_that_is_denied",
    "a resized picture keeps its label":
        "new/test_uploads.py::test_the_label_of_what_a_machine_made_stays",
    "every channel captions it":
        "render/test_attachments.py::test_every_channel_says_that_a_machine_made_a_picture",
    # What was kept elsewhere
    "a quarter by the national indicators": "cli/test_period_reports.py::"
        "test_a_silent_account_fails_and_each_veto_says_how_it_knows",
    "who could do what": "cli/test_period_reports.py::test_who_could_do_what_and_did",
    "comments of a back end": "parts/inquiries/test_taking_in.py::"
        "test_a_row_is_a_record_whatever_the_encoding",
    "a superior publishes something":
        "rules/test_a05_updates_relays.py::"
        "test_4_boundary_an_item_that_was_seen_is_decided_by_a_person_within_twelve_hours",
    "a late answer is explained and closed":
        "judge/test_rectifications.py::test_a_late_answer_names_the_command_that_enters_it",
    "a night to come misses someone": "judge/test_shifts.py::"
        "test_a_night_without_someone_for_a_step_is_told_before_it_comes",
    "another policy is tried": "cli/test_simulate.py::"
        "test_a_shorter_silence_names_accounts_and_days",
    "a report of a month": "e2e/test_month.py::"
        "test_the_reports_of_the_month_say_what_happened",
    # Messages
    "every sentence in Chinese":
        "test_messages.py::test_every_sentence_has_its_translation_and_no_other",
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_has_its_test(situation: str) -> None:
    file, _, name = SITUATIONS[situation].partition("::")
    assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8")
