"""Where a form says to go on to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def inside(request: HttpRequest, address: str, *, otherwise: str) -> str:
    """`address` if it is one of this site's, else `otherwise`."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return otherwise
