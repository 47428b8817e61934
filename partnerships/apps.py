from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from partnerships.audit import watch_accounts
        from partnerships.isolation import prepare_connection
        from partnerships.sign_in import known_browsers, session_ages  # noqa: F401  (they listen)

        connection_created.connect(prepare_connection, dispatch_uid="say for whom we act")
        watch_accounts()
