from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from decisions.merged_records import say_what_becomes_of_it
        from decisions.on_the_timeline import add_to_timeline

        add_to_timeline()
        say_what_becomes_of_it()
