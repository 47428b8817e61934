import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# After the settings are read, and before a server that forks does so.
from config.isolation_at_start import refuse_to_start_unless_isolated  # noqa: E402

refuse_to_start_unless_isolated()
