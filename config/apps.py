from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the start-up checks)
        from config.isolation_at_start import guard_commands

        guard_commands()
