"""The WSGI application that `doorstep serve` and any other server run."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
application = get_wsgi_application()
