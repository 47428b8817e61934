"""Who changed the list of people asked in a survey is on the record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0039_import_answers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deed",
            name="deed_kind_is_known",
        ),
        migrations.AlterField(
            model_name="deed",
            name="kind",
            field=models.CharField(
                choices=[
                    ("exported", "downloaded"),
                    ("read_free_text", "read what people wrote in"),
                    ("took_links", "took the personal links"),
                    ("signed_in", "signed in"),
                    ("sign_in_failed", "did not get in: wrong email address, password or code"),
                    ("signed_out", "signed out"),
                    ("password_changed", "changed their password"),
                    ("second_step_set_up", "set up their second step of signing in"),
                    ("second_step_removed", "took their second step of signing in away"),
                    ("recovery_codes_made", "made new recovery codes"),
                    ("sessions_ended", "signed out their other browsers"),
                    ("sign_in_reset", "had their signing in reset at the server"),
                    ("imported_register", "imported the register"),
                    ("changed_who_is_asked", "changed who is asked"),
                    ("recorded_successor", "recorded who took over:"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="deed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "exported",
                            "read_free_text",
                            "took_links",
                            "signed_in",
                            "sign_in_failed",
                            "signed_out",
                            "password_changed",
                            "second_step_set_up",
                            "second_step_removed",
                            "recovery_codes_made",
                            "sessions_ended",
                            "sign_in_reset",
                            "imported_register",
                            "changed_who_is_asked",
                            "recorded_successor",
                        ],
                    )
                ),
                name="deed_kind_is_known",
                violation_error_message="Choose a kind of deed from the list.",
            ),
        ),
    ]
