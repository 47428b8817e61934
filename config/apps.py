from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the start-up checks)
        from config.isolation_at_start import check_isolation
        from partnerships.commands import checks_before_acting

        if check_isolation not in checks_before_acting:
            checks_before_acting.append(check_isolation)
