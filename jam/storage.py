"""Where collected static files lie."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names each file by its content, also where one JavaScript module imports another.

    Otherwise a module would be there twice, under two names, and a new version would run beside parts of the old one.
    """

    support_js_module_import_aggregation = True
