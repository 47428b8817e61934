import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()

# After the settings are read, and before a server that forks does so.
from config.isolation_at_start import refuse_to_start_unless_isolated  # noqa: E402

refuse_to_start_unless_isolated()
