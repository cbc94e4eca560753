import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from content import database_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
database_limits.use(database_limits.Work.READERS, most_connections=settings.WEB_CONNECTIONS)
