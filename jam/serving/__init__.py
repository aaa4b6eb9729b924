"""How the site is served by `manage.py up`: the web process, and the supervisor of all parts."""
